"""From paths to verdicts: what a run reads, and how it becomes a project."""

from __future__ import annotations

import os

from tightship.compose.kind import looks_like
from tightship.compose.load import Loading
from tightship.compose.project import ComposeFile, Project
from tightship.compose.variables import Variables
from tightship.engine.discovery import (
    OVERRIDE_NAMES,
    Found,
    find,
    is_left_out,
    language_of,
    main_file,
)
from tightship.engine.files import Files, Refusal
from tightship.engine.judge import Bench, walk
from tightship.engine.root import Roots, canonical, project_root
from tightship.engine.verdict import Verdict
from tightship.findings import Gap
from tightship.isolation import containers
from tightship.syntax import yaml
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.selection import Selection


def check(
    paths: Iterable[str],
    selection: Selection,
    *,
    stdin: tuple[str, str | bytes] | None = None,
) -> Iterator[Verdict]:
    """Judge what the paths stand for, one verdict a file.

    Args:
        paths: files, and folders to look through.
        selection: which rules are wanted.
        stdin: a name and a text to judge instead of what the disk has there.

    Raises:
        UnknownWordError: if the selection names what is no rule, theme, set or id.

    """
    from tightship.rules import every_rule

    bench = Bench(selection, selection.rules(every_rule()))
    if stdin is not None:
        path = canonical(stdin[0])
        files = Files(project_root(path), {path: stdin[1]})
        yield from check_file(files, _named(path), bench)
        return
    paths = list(paths)
    judged, roots = set[str](), Roots(paths)
    for found in find(paths):
        if isinstance(found, Refusal):
            yield _refused(found, bench)
        elif found.path not in judged:
            # A run over ten thousand files must not hold them all.
            files = Files(roots.of(found.path))
            yield from check_file(files, found, bench, judged)


def check_file(
    files: Files, found: Found, bench: Bench, judged: set[str] | None = None
) -> Iterator[Verdict]:
    """Judge the project that a file stands for.

    A sweep passes over what only looks like a Compose file. ``judged`` holds the paths
    of files that are part of a project already; those of this one are added.
    """
    loading = Loading(files)
    stream = loading.stream(files.name(found.path) or found.path, None)
    if stream is None:
        findings, gaps = bench.judge(loading.gaps)
        source = Source(files.name(found.path) or found.path, "")
        yield Verdict(files.root, (source,), findings, services=0, gaps=gaps)
        return
    reason = _no_compose_file(stream, named=found.kind == "named")
    if reason is None:
        yield _project(
            files, found, loading, bench, set() if judged is None else judged
        )
    elif reason or stream.problems:
        file = ComposeFile(stream, _first(stream))
        findings, gaps = bench.judge([file, *_gaps(stream, reason)])
        yield Verdict(files.root, (stream.source,), findings, services=0, gaps=gaps)


def _project(
    files: Files, found: Found, loading: Loading, bench: Bench, judged: set[str]
) -> Verdict:
    """Judge the project that Compose would load with this file."""
    folder = os.path.dirname(found.path)
    variables = Variables()
    env = files.read(os.path.join(folder, ".env"))
    if isinstance(env, Source):
        variables.read(env)
    paths = [found.path]
    if found.kind != "side" and found.project == found.path:
        over = (os.path.join(folder, name) for name in OVERRIDE_NAMES)
        paths += [path for path in over if files.exists(path)][:1]
    project = Project(
        loading,
        [files.name(path) or path for path in paths],
        complete=_is_all(found),
        variables=variables,
        directory=files.name(folder) or "",
        left_out=lambda name: is_left_out(files.path(name)),
    )
    subjects: list[object] = [*project.files, project, *project.services.values()]
    subjects += walk(containers(project))
    for file in project.files:
        if file.first:
            subjects += _gaps(file.stream, "")
    subjects += [*project.gaps, *project.faults, *project.removals]
    roots = {name: stream.documents for name, stream in loading.streams.items()}
    findings, gaps = bench.judge(subjects, roots)
    sources = tuple(stream.source for stream in loading.streams.values())
    judged.update(files.path(source.name) for source in sources)
    services = len(project.services)
    return Verdict(files.root, sources, findings, services=services, gaps=gaps)


def _named(path: str) -> Found:
    folder, name = os.path.split(path)
    return Found(path, "named", main_file(folder), language_of(name))


def _is_all(found: Found) -> bool:
    """Tell whether Compose would load this file, as the first or the only one.

    A side file adds to the main file of its folder, if there is one, and so what it
    leaves out is no absence. A name that is none of Compose's has to be given with
    ``-f``, and then it is all there is.
    """
    if found.project in (None, found.path):
        return found.kind != "override"
    return found.language is None


def _no_compose_file(stream: yaml.Stream, *, named: bool) -> str | None:
    """Say why this is no Compose file; nothing to say gives an empty text."""
    root = _first(stream)
    if isinstance(root, yaml.Mapping):
        kind = looks_like(root)
        if kind == "compose":
            return None
        if kind == "compose-v1":
            return (
                "this is a Compose file of version 1, which Compose no longer reads:"
                " its services have to stand below `services:`"
            )
        if not named:
            return ""
        if kind == "kubernetes":
            return "this is a Kubernetes manifest, not a Compose file"
        return "this is not a Compose file: it has no `services`"
    if stream.lost:
        return ""
    if isinstance(root, yaml.Scalar) and not root.value:
        return "this file is empty"
    return "this is not a Compose file: it holds no mapping with `services`"


def _first(stream: yaml.Stream) -> yaml.Node:
    """Return the first document's root, or an empty scalar where there is none."""
    if stream.documents:
        return stream.documents[0]
    return yaml.Scalar(Span(stream.source, 0, 0), "")


def _gaps(stream: yaml.Stream, reason: str) -> list[Gap]:
    """Return what a syntax error costs, and why a file is not judged at all."""
    gaps: list[Gap] = []
    if stream.lost:
        place = stream.problems[0].span
        gaps.append(Gap(place, "a part of this file is lost to a syntax error"))
    if reason:
        gaps.append(Gap(_first(stream).span, reason))
    return gaps


def _refused(refusal: Refusal, bench: Bench) -> Verdict:
    source = Source(refusal.name, "")
    gap = Gap(Span(source, 0, 0), refusal.message)
    findings, gaps = bench.judge([gap])
    return Verdict(os.getcwd(), (source,), findings, services=0, gaps=gaps)
