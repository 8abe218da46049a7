"""Loads a project: from a candidate to the names of its files, and to one value."""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import language_of
from tightship.engine.plan.job import main_project, project_files
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.compose_text import is_unfilled
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.specification.kind import has_services, kind_of
from tightship.isolation.containers import containers
from tightship.isolation.loaded_project import LoadedProject
from tightship.lazy import TYPE_CHECKING, LazyModule, Record
from tightship.model.reading import Variables
from tightship.syntax.yaml import nodes as yaml
from tightship.syntax.yaml.read import read
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.plan import ignoring
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.ignoring import Tracking
    from tightship.engine.plan.job import ProjectFiles
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.frontends.compose.provided import Provider
    from tightship.images.own_facts import OwnFacts
    from tightship.model.asking import Asked
    from tightship.model.value import MappingValue
else:
    ignoring = LazyModule("tightship.engine.plan.ignoring")


class ReadCandidate(Record):
    """A candidate that was read as a Compose file.

    ``files`` are those of its project: it is the first of them, or merged over it.
    ``reason`` is why it is no Compose file: None if it is one, empty without a reason.
    """

    files: ProjectFiles
    is_first: bool
    reason: str | None


def read_candidate(
    disk: Files, candidate: Candidate, options: Options, loading: Loading, stream: yaml.Stream
) -> ReadCandidate | SkippedFile | None:
    """Return the project of a candidate, or why it is skipped.

    Args:
        disk: gives the files.
        candidate: the file; None is returned if it does not look like a Compose file.
        options: the options of the invocation of Compose.
        loading: what has read it, and reads those next to it.
        stream: its content.

    """
    name = os.path.basename(candidate.path)
    files = project_files(disk, candidate, options)
    # A file of another name was found by a word in its text.
    by_name = candidate.kind != "side" or language_of(name) is not None
    if not by_name and stream.problems and not has_services(stream.documents):
        message = "it has services, but is not valid YAML"
        return SkippedFile(candidate.path, "invalid-yaml", message)
    # What an invocation merges may lack the images that show a Compose file by itself.
    role = candidate.role
    is_first = files.paths[:1] == [candidate.path]
    is_merged = role is not None and (role.loading == "unknown" or bool(role.chains))
    if not (by_name or not is_first or is_merged or _is_compose(stream)):
        return None
    # Compose reads a file of these names, whatever is in it.
    is_main = name in MAIN_NAMES
    is_named = is_main or candidate.kind == "named"
    reason = _no_compose_file(stream, is_named=is_named, is_main=is_main) if is_first else None
    if is_first and is_unfilled(stream):
        reason = "this is a template of a Compose file: check the file that it becomes"
    if stream.is_empty:
        # Compose refuses an empty project, and takes an empty file next to others.
        others = (loading.stream(disk.name(p) or p, None) for p in files.paths[1:])
        if any(one is not None and not one.is_empty for one in others):
            reason = None
        elif not is_named:
            return SkippedFile(candidate.path, "empty", "it is empty")
    return ReadCandidate(files, is_first, reason)


def _is_compose(stream: yaml.Stream) -> bool:
    """Return whether a file of any name has services, or only includes others that have."""
    root = stream.root
    keys = [
        one for one in ("services", "include") if isinstance(root, yaml.Mapping) and root.get(one)
    ]
    return keys == ["include"] or has_services(stream.documents)


def _no_compose_file(stream: yaml.Stream, *, is_named: bool, is_main: bool) -> str | None:
    """Return why this is no Compose file: None if it is one, empty without a reason."""
    kind = kind_of(stream.documents)
    if kind == "compose":
        return None
    if kind == "compose-v1":
        return (
            "this is a Compose file of version 1, which Compose no longer reads:"
            " move its services below `services:`"
        )
    root = stream.root
    if is_named and is_script(stream):
        return (
            "this file is empty" if stream.is_empty else "nothing in this file starts a container"
        )
    if isinstance(root, yaml.Mapping):
        if not is_named:
            return ""
        if kind == "kubernetes":
            return "this is a Kubernetes manifest, not a Compose file"
        if is_main and root.entries:
            return None
        return "this is not a Compose file: it has no `services`"
    if stream.lost:
        return ""
    if stream.is_empty:
        return "this file is empty, and Compose rejects an empty project"
    return "this is not a Compose file: it holds no mapping with `services`"


def is_script(stream: yaml.Stream) -> bool:
    """Return whether a file is a script, or another text that Compose never reads."""
    from tightship.frontends.invocations.kinds import script_kind_of
    from tightship.frontends.names import (
        is_bake,  # only files without services
        unit_path,
    )

    source = stream.source
    kind = script_kind_of(source.name, source.text)
    is_other = is_bake(source.name) or unit_path(source.name) is not None
    return is_other or kind not in (None, "structure")


def load_project(
    disk: Files,
    files: ProjectFiles,
    loading: Loading | None = None,
    settings: Settings | None = None,
    facts: OwnFacts | None = None,
    asked: Asked | None = None,
) -> LoadedProject:
    """Load the Compose files of a project, and the Dockerfiles that they build.

    Args:
        disk: gives the files.
        files: the files of the project, in the order in which Compose merges them.
        loading: a loading that has already read some of the files.
        settings: what the configuration says about parts that something else provides.
        facts: facts of the user's own, for fixes.
        asked: takes note of what services ask about one another.

    """
    project = ComposeProject(
        loading or Loading(disk, disk.parsed),
        [disk.name(path) or path for path in files.paths],
        is_side=files.is_side,
        is_overlay=files.is_overlay,
        elsewhere=_elsewhere(disk, files),
        variables=files.variables,
        directory=disk.name(files.directory) or "",
        left_out=lambda name: ignoring.is_left_out(disk.path(name)),
        providers=_providers(disk, files, settings),
        asked=asked,
    )
    project.leads_out, project.tracks = disk.leads_out, _tracks(disk)
    project.for_commit = lambda name: ignoring.is_for_commit(disk.path(name))
    made = _with_builds(disk, project, facts)
    if files.variables.are_settled:
        left_open = files.replaced(variables=Variables.unsettled())
        made.load_unsettled = lambda: load_project(disk, left_open, None, settings, facts)
    return made


def _tracks(disk: Files) -> Callable[[str], bool | None]:
    made: list[Tracking] = []

    def tracks(name: str) -> bool | None:
        if not made:
            from tightship.engine.plan.ignoring import Tracking  # few policies ask

            made.append(Tracking(disk))
        return made[0].tracks(name)

    return tracks


def _with_builds(disk: Files, project: ComposeProject, facts: OwnFacts | None) -> LoadedProject:
    """Return a project with the Dockerfiles that it builds."""
    if all(one.value("build") is None for one in project.services.values()):
        return LoadedProject(project, containers(project, facts=facts), None)
    # Half of all projects build nothing, and do not load this.
    from tightship.engine.load.dockerfiles import DockerfileReader

    reader = DockerfileReader(disk)
    stages = reader.stages_of(project.services.values())
    made = containers(project, stages, facts)
    return LoadedProject(project, made, reader.built(made))


def _providers(
    disk: Files, files: ProjectFiles, settings: Settings | None
) -> Callable[[MappingValue | None], Iterable[Provider]]:
    def providers(root: MappingValue | None) -> Iterable[Provider]:
        from tightship.engine.load.providers import find_providers  # few projects ask

        return find_providers(disk, files.paths[0], root, settings, files.platform)

    return providers


def _elsewhere(disk: Files, side: ProjectFiles) -> Mapping[str, frozenset[str]] | None:
    """Return the keys of the services in the main file beside a side file."""
    if not side.is_side or side.is_overlay:
        return None
    folder = os.path.dirname(side.paths[0])
    main = main_project(disk, folder)
    if main is None or side.paths[0] in main.paths:
        return None
    from tightship.engine.roles.content import content_of

    found: dict[str, frozenset[str]] = {}
    for path in main.paths:
        source = disk.read(path)
        if isinstance(source, Source):
            for name, keys in content_of(disk.parsed(source, read)).services.items():
                found[name] = found.get(name, frozenset[str]()) | keys
    return found
