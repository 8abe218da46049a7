"""From paths to verdicts: what a run reads, and how it becomes a project."""

from __future__ import annotations

import os

from tightship.compose.loading.invocation import Options
from tightship.compose.loading.load import Loading
from tightship.compose.project import ComposeFile, Project
from tightship.compose.screening import is_plain
from tightship.compose.specification.kind import looks_like
from tightship.engine.discovery import Found, find, is_left_out
from tightship.engine.files import Files, Refusal
from tightship.engine.judge import Bench, walk
from tightship.engine.projects import named, take
from tightship.engine.root import Roots, canonical, project_root
from tightship.engine.verdict import Verdict
from tightship.findings import Gap
from tightship.isolation import containers
from tightship.syntax import yaml
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.compose.loading.fault import Fault
    from tightship.compose.loading.variables import Variables
    from tightship.engine.projects import Taken
    from tightship.engine.selection import Selection


def check(
    paths: Iterable[str],
    selection: Selection,
    *,
    stdin: tuple[str, str | bytes] | None = None,
    options: Options | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Verdict]:
    """Judge what the paths stand for, one verdict a project.

    Args:
        paths: files, and folders to look through.
        selection: which rules are wanted.
        stdin: a name and a text to judge instead of what the disk has there.
        options: what Compose would be called with; if it names files, they make the
            one project that is judged, and the paths do not count.
        environment: the process environment, where it may have a say.

    Raises:
        UnknownWordError: if the selection names what is no rule, theme, set or id.

    """
    from tightship.rules import every_rule

    bench = Bench(selection, selection.rules(every_rule()))
    given = options or Options()
    if stdin is not None:
        path = canonical(stdin[0])
        files = Files(project_root(path), {path: stdin[1]})
        yield from check_file(files, named(path), bench, given, environment)
        return
    if given.files:
        first = canonical(given.files[0])
        files = Files(project_root(first, paths=given.files))
        together = Found(first, "named", first, "compose")
        yield from check_file(files, together, bench, given, environment)
        return
    paths = list(paths)
    judged, roots = set[str](), Roots(paths)
    for found in find(paths):
        if isinstance(found, Refusal):
            yield _refused(found, bench)
        elif found.path not in judged:
            # A run over ten thousand files must not hold them all.
            files = Files(roots.of(found.path))
            yield from check_file(files, found, bench, given, environment, judged)


def check_file(
    files: Files,
    found: Found,
    bench: Bench,
    options: Options | None = None,
    environment: Mapping[str, str] | None = None,
    judged: set[str] | None = None,
) -> Iterator[Verdict]:
    """Judge the project that a file stands for.

    A sweep passes over what only looks like a Compose file. ``judged`` holds the paths
    of files that are part of a project already; those that this one has beside the
    file itself, which comes once, are added.
    """
    loading = Loading(files)
    stream = loading.stream(files.name(found.path) or found.path, None)
    if stream is None:
        findings, gaps = bench.judge(loading.gaps)
        source = Source(files.name(found.path) or found.path, "")
        yield Verdict(files.root, (source,), findings, services=0, gaps=gaps)
        return
    taken = take(files, found, options or Options(), environment)
    alone = taken.paths[:1] == [found.path]
    reason = _no_compose_file(stream, named=found.kind == "named") if alone else None
    if reason is None:
        verdict = _project(files, loading, taken, bench)
        if judged is not None:
            others = (s for s in verdict.sources if s is not stream.source)
            judged.update(files.path(source.name) for source in others)
        yield verdict if alone else _about(verdict, stream.source)
    elif reason or stream.problems:
        file = ComposeFile(stream, _first(stream))
        findings, gaps = bench.judge([file, *_gaps(stream, reason)])
        yield Verdict(files.root, (stream.source,), findings, services=0, gaps=gaps)


def _project(files: Files, loading: Loading, taken: Taken, bench: Bench) -> Verdict:
    """Judge a project."""
    project = Project(
        loading,
        [files.name(path) or path for path in taken.paths],
        complete=taken.complete,
        variables=taken.variables,
        directory=files.name(taken.directory) or "",
        left_out=lambda name: is_left_out(files.path(name)),
    )
    subjects: list[object] = [*project.files, project, *project.services.values()]
    subjects += walk(containers(project))
    for file in project.files:
        if file.first:
            subjects += _gaps(file.stream, "")
    subjects += (
        Gap(place, f"Compose refuses this file of variables: {message}")
        for place, message in taken.variables.problems
    )
    subjects += [*project.gaps, *project.faults, *project.removals]
    subjects += _inconsistencies(project, files, taken.variables)
    roots = {name: stream.documents for name, stream in loading.streams.items()}
    findings, gaps = bench.judge(subjects, roots)
    sources = tuple(stream.source for stream in loading.streams.values())
    services = len(project.services)
    return Verdict(
        files.root,
        sources,
        findings,
        services=services,
        gaps=gaps,
        variables=tuple(source.name for source in taken.variables.sources),
    )


def _inconsistencies(
    project: Project, files: Files, variables: Variables
) -> Iterable[Fault]:
    """Return what Compose refuses in the project as a whole.

    Of a project of which a part is missing, nothing can be said.
    """
    if project.root is None or not project.complete or project.gaps:
        return ()
    if is_plain(project.root):
        return ()
    # A tenth of a cold run, which most projects do without.
    from tightship.compose.effective.configuration import Configuration

    return Configuration(
        project.root, name="project", directory="/", variables=variables, disk=files
    ).faults


def _about(verdict: Verdict, source: Source) -> Verdict:
    """Leave what a verdict says of one file, or because of it."""
    verdict.findings = [
        one
        for one in verdict.findings
        if one.span.source.name == source.name
        or any(r.span.source.name == source.name for r in one.finding.because)
    ]
    return verdict


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
