"""Loads a project: from the names of its files to one value."""

from __future__ import annotations

import os

from tightship.engine.plan.project_files import main_project
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.container import containers
from tightship.isolation.loaded_project import LoadedProject
from tightship.lazy import LazyModule
from tightship.syntax.yaml.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.plan import ignoring
    from tightship.engine.plan.project_files import ProjectFiles
    from tightship.frontends.compose.provided import Provider
    from tightship.model.value import MappingValue
else:
    ignoring = LazyModule("tightship.engine.plan.ignoring")


def load_project(
    disk: Files,
    files: ProjectFiles,
    loading: Loading | None = None,
    settings: Settings | None = None,
) -> LoadedProject:
    """Load the Compose files of a project, and the Dockerfiles that they build.

    Args:
        disk: gives the files.
        files: the files of the project, in the order in which Compose merges them.
        loading: a loading that has already read some of the files.
        settings: what the configuration says about parts that something else provides.

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
        for_commit=lambda name: ignoring.is_for_commit(disk.path(name)),
        providers=_providers(disk, files, settings),
    )
    return _with_builds(disk, project)


def _with_builds(disk: Files, project: ComposeProject) -> LoadedProject:
    """Return a project with the Dockerfiles that it builds."""
    if all(one.value("build") is None for one in project.services.values()):
        return LoadedProject(project, containers(project), None)
    # Half of all projects build nothing, and do not load this.
    from tightship.engine.load.dockerfiles import DockerfileReader

    reader = DockerfileReader(disk)
    stages = reader.stages_of(project.services.values())
    made = containers(project, stages)
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
