"""From paths to verdicts: what a run looks at, and in which order."""

from __future__ import annotations

import os

from tightship.engine.discovery import Found, find, language_of, main_file
from tightship.engine.files import Files, Refusal
from tightship.engine.judge import Bench
from tightship.engine.root import Roots, canonical, project_root
from tightship.engine.verdict import Judged, Verdict
from tightship.findings import Gap
from tightship.text import Source, Span
from tightship.text.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.compose.loading.invocation import Options
    from tightship.engine.baseline import Baseline
    from tightship.engine.fixing import Fixing
    from tightship.engine.selection import Selection
    from tightship.engine.touched import Changes

_BEGINS_LIKE_A_DOCKERFILE = regex(
    r"(?i)(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:FROM|ARG)[ \t]"
)
_CALLED_DOCKERFILE = regex(
    r"(?i)(?:docker|container)file.*|.*\.(?:docker|container)file"
)


def check(
    paths: Iterable[str],
    selection: Selection,
    *,
    stdin: tuple[str, str | bytes] | None = None,
    options: Options | None = None,
    environment: Mapping[str, str] | None = None,
    fixing: Fixing | None = None,
    baseline: Baseline | None = None,
    changes: Changes | None = None,
) -> Iterator[Verdict]:
    """Judge what the paths stand for, one verdict a project.

    Dockerfiles come last, unless a service builds them: then they are part of what is
    said of its project.

    Args:
        paths: files, and folders to look through.
        selection: which rules are wanted.
        stdin: a name and a text to judge instead of what the disk has there.
        options: what Compose would be called with; if it names files, they make the
            one project that is judged, and the paths do not count.
        environment: the process environment, where it may have a say.
        fixing: what applies fixes to each project before the verdict on it, which
            then tells of what remains.
        baseline: what is known, and is not told again.
        changes: what has changed; projects that it does not touch are left out.

    Raises:
        UnknownWordError: if the selection names what is no rule, theme, set or id.

    """
    run = Run(Bench(selection), options, environment, fixing, baseline, changes)
    overlay = fixing.overlay if fixing is not None else None
    make: type[Files] = Files
    if changes is not None:
        from tightship.engine.touched import WatchedFiles

        make = WatchedFiles
    if stdin is not None:
        path = canonical(stdin[0])
        yield from run.judge(make(project_root(path), {path: stdin[1]}), named(path))
        return
    if options is not None and options.files:
        first = canonical(options.files[0])
        files = make(project_root(first, paths=options.files), overlay)
        yield from run.judge(files, Found(first, "named", first, "compose"))
        return
    paths = list(paths)
    roots, dockerfiles = Roots(paths), list[Found]()
    for found in find(paths):
        if isinstance(found, Refusal):
            yield _refused(found, run.bench)
        elif found.language == "dockerfile":
            dockerfiles.append(found)
        elif found.path not in run.judged:
            # A run over ten thousand files must not hold them all.
            yield from run.judge(make(roots.of(found.path), overlay), found)
    for found in dockerfiles:
        if found.path not in run.judged:
            yield from run.judge(make(roots.of(found.path), overlay), found)


class Run:
    """What one run has judged so far, and how.

    ``judged`` holds the paths of files that are part of a project already.
    """

    __slots__ = (
        "_above",
        "_baseline",
        "_changes",
        "_environment",
        "_fixing",
        "_options",
        "_said",
        "bench",
        "judged",
    )

    def __init__(
        self,
        bench: Bench,
        options: Options | None = None,
        environment: Mapping[str, str] | None = None,
        fixing: Fixing | None = None,
        baseline: Baseline | None = None,
        changes: Changes | None = None,
    ) -> None:
        """Begin a run."""
        self.bench = bench
        self.judged = set[str]()
        self._options = options
        self._environment = environment
        self._fixing = fixing
        self._baseline = baseline
        self._changes = changes
        self._said = set[tuple[str, str, int, int, str]]()
        self._above: dict[str, Verdict | None] = {}

    def judge(self, files: Files, found: Found) -> Iterator[Verdict]:
        """Judge the project that a file stands for, or the Dockerfile that it is.

        A sweep passes over what only looks like either.
        """
        verdicts = list[Verdict]()
        if self._fixing is None or self._changes is not None:
            verdicts = self._verdicts(self.bench, files, found)
        touched = self._changes is None or self._changes.touch(files)
        if self._fixing is not None and touched:
            verdicts = self._fixing.fix(
                files, self.bench, lambda bench, now: self._verdicts(bench, now, found)
            )
            self._above.clear()
        for verdict in verdicts:
            read = [files.path(source.name) for source in verdict.sources]
            self.judged.update(path for path in read if path != found.path)
            if not touched:
                continue
            self._leave_out_repeated(verdict)
            if self._baseline is not None:
                self._baseline.heed(verdict)
            yield verdict

    def _verdicts(self, bench: Bench, files: Files, found: Found) -> list[Verdict]:
        language = found.language
        if language is None and _is_dockerfile(files, found.path):
            language = "dockerfile"
        if language == "dockerfile":
            return self._dockerfile(bench, files, found)
        return self._compose(bench, files, found)

    def _compose(self, bench: Bench, files: Files, found: Found) -> list[Verdict]:
        from tightship.engine.compose import check_compose

        verdicts = check_compose(files, found, bench, self._options, self._environment)
        return list(verdicts)

    def _dockerfile(self, bench: Bench, files: Files, found: Found) -> list[Verdict]:
        """Judge a Dockerfile with the projects that build it, or else by itself."""
        name = files.name(found.path)
        verdicts = list[Verdict]()
        for main in _mains_above(os.path.dirname(found.path), files.root):
            if main in self.judged:
                continue
            verdict = self._project_above(bench, files, main)
            if verdict is None or name not in verdict.builders:
                continue
            if self._changes is not None:
                self._changes.rest_on(files, main)
            verdicts += (
                verdict.about(source)
                for source in verdict.sources
                if source.name == name
            )
        if verdicts:
            return verdicts
        from tightship.engine.dockerfile import check_dockerfile

        if self._changes is not None:
            self._changes.begin_again(files)
        return list(check_dockerfile(files, found, bench))

    def _project_above(self, bench: Bench, files: Files, main: str) -> Verdict | None:
        """Return the verdict on a project that this run does not judge anyway."""
        found = Found(main, "main", main, "compose")
        if self._changes is not None and main not in self._above:
            files = self._changes.above(files, main)
        if self._fixing is not None:
            return next(iter(self._compose(bench, files, found)), None)
        if main not in self._above:
            verdicts = self._compose(bench, files, found)
            self._above[main] = next(iter(verdicts), None)
        return self._above[main]

    def _leave_out_repeated(self, verdict: Verdict) -> None:
        """Leave out what has been said of a Dockerfile that several projects build."""
        if not verdict.builders:
            return
        kept = list[Judged]()
        for one in verdict.findings:
            span = one.span
            if span.source.name not in verdict.builders:
                kept.append(one)
                continue
            path = os.path.join(verdict.root, span.source.name)
            key = (one.rule.name, path, span.start, span.end, one.finding.message)
            if key not in self._said:
                self._said.add(key)
                kept.append(one)
        verdict.findings = kept


def named(path: str) -> Found:
    """Return what a file is to its folder, which need not exist yet."""
    folder, name = os.path.split(path)
    return Found(path, "named", main_file(folder), language_of(name))


def _is_dockerfile(files: Files, path: str) -> bool:
    """Tell whether a file that was named, and has an unusual name, is a Dockerfile."""
    if _CALLED_DOCKERFILE.fullmatch(os.path.basename(path)):
        return True
    source = files.read(path)
    return (
        isinstance(source, Source)
        and _BEGINS_LIKE_A_DOCKERFILE.match(source.text) is not None
    )


def _mains_above(folder: str, root: str) -> Iterator[str]:
    """Yield the main file of a folder, and of those above it up to the root."""
    while True:
        main = main_file(folder)
        if main is not None:
            yield main
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above


def _refused(refusal: Refusal, bench: Bench) -> Verdict:
    source = Source(refusal.name, "")
    gap = Gap(Span(source, 0, 0), refusal.message)
    findings, gaps = bench.judge([gap])
    return Verdict(os.getcwd(), (source,), findings, services=0, gaps=gaps)
