"""From paths to verdicts: what a run looks at, and in which order."""

from __future__ import annotations

import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import Roots, canonical, holds, project_root
from tightship.engine.judge.judging import judge
from tightship.engine.judge.runner import RuleRunner
from tightship.engine.plan.candidates import Candidate, find, language_of, main_file
from tightship.engine.verdict import Judged, Verdict
from tightship.findings import Gap
from tightship.lazy.regex import regex
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.compose.loading.options import Options
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.fix.run import Fixing
    from tightship.engine.plan.changes import Changes
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.settings.configs import Configs
    from tightship.engine.settings.selection import Selection

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
    configs: Configs | None = None,
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
        configs: what configuration files set; without it, none are looked for.

    Raises:
        UnknownWordError: if the selection names what is no rule, theme, set or id.
        ConfigError: if a configuration makes no sense; then nothing is judged.

    """
    run = Run(
        RuleRunner(selection), options, environment, fixing, baseline, changes, configs
    )
    if configs is not None:
        configs.plain = run.runner
    overlay = fixing.overlay if fixing is not None else None
    make: type[Files] = Files
    if changes is not None:
        from tightship.engine.plan.changes import RecordedFiles

        make = RecordedFiles
    here = os.path.realpath(os.curdir)
    if stdin is not None:
        path = canonical(stdin[0])
        yield from run.judge(
            make(project_root(path, here=here), {path: stdin[1]}), named(path)
        )
        return
    if options is not None and options.files:
        first = canonical(options.files[0])
        files = make(project_root(first, paths=options.files, here=here), overlay)
        yield from run.judge(files, Candidate(first, "named", first, "compose"))
        return
    paths = list(paths)
    roots, dockerfiles = Roots(paths, here), list[Candidate]()
    every: Iterable[Candidate | Refusal] = find(paths)
    if configs is not None:
        every = configs.checked(find(paths, excluded=configs.excludes(roots)), roots)
    for found in every:
        if isinstance(found, Refusal):
            yield _refused(found, run.runner)
        elif found.language == "dockerfile":
            dockerfiles.append(found)
        elif found.path not in run.judged:
            # A run over ten thousand files must not hold them all.
            yield from run.judge(make(roots.of(found.path), overlay), found)
    for found in run.sets_below(paths) if configs is not None else ():
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
        "_configs",
        "_done",
        "_environment",
        "_fixing",
        "_options",
        "_said",
        "judged",
        "runner",
    )

    def __init__(
        self,
        runner: RuleRunner,
        options: Options | None = None,
        environment: Mapping[str, str] | None = None,
        fixing: Fixing | None = None,
        baseline: Baseline | None = None,
        changes: Changes | None = None,
        configs: Configs | None = None,
    ) -> None:
        self.runner = runner
        self.judged = set[str]()
        self._options = options
        self._environment = environment
        self._fixing = fixing
        self._baseline = baseline
        self._changes = changes
        self._configs = configs
        self._done = set[tuple[str, ...]]()
        self._said = set[tuple[str, str, int, int, str]]()
        self._above: dict[str, list[Verdict]] = {}

    def judge(self, files: Files, found: Candidate) -> Iterator[Verdict]:
        """Judge the project that a file stands for, or the Dockerfile that it is.

        A sweep passes over what only looks like either.
        """
        runner, baseline, fail_on = self.runner, self._baseline, "warning"
        folder = os.path.dirname(found.path)
        if self._configs is not None:
            runner = self._configs.runner(folder, files)
            baseline = baseline or self._configs.baseline(folder, files)
            settings = self._configs.of(folder, files)
            fail_on = settings.fail_on if settings is not None else fail_on
        sets = self._sets(files, found)
        if sets is not None and found.kind != "named":
            sets = [one for one in sets if one.paths not in self._done]
            self._done.update(one.paths for one in sets)

        def judge(runner: RuleRunner, now: Files) -> list[Verdict]:
            return self._verdicts(runner, now, found, sets)

        if self._changes is not None:
            self._changes.consider(found, files)
        verdicts = list[Verdict]()
        if self._fixing is None or self._changes is not None:
            verdicts = judge(runner, files)
        touched = self._changes is None or self._changes.touch(files)
        if self._fixing is not None and touched:
            verdicts = self._fixing.fix(files, runner, judge)
            self._above.clear()
        for verdict in verdicts:
            read = [files.path(source.name) for source in verdict.sources]
            # Of a Dockerfile that was named, the rest of its project is not told.
            is_whole = files.name(found.path) not in verdict.builders
            if is_whole and (sets is None or found.kind != "named"):
                self.judged.update(path for path in read if path != found.path)
            if not touched:
                continue
            verdict.fail_on = fail_on
            self._leave_out_repeated(verdict, everywhere=sets is not None)
            if baseline is not None:
                baseline.heed(verdict)
            yield verdict

    def sets_below(self, paths: Iterable[str]) -> Iterator[Candidate]:
        """Yield what stands for projects that are put together, and were not met.

        They are those below the folders named, whose files have names of their own.
        """
        folders = [os.path.realpath(path) for path in paths if os.path.isdir(path)]
        for one in self._configs.sets() if self._configs is not None else ():
            inside = any(holds(folder, one.paths[0]) for folder in folders)
            if inside and one.paths not in self._done:
                yield Candidate(one.paths[0], "side", None, "compose")

    def _sets(self, files: Files, found: Candidate) -> list[FileSet] | None:
        """Return the projects that a file is put into, if it is."""
        if self._configs is None or found.language == "dockerfile":
            return None
        if self._options is not None and self._options.files:
            return None
        settings = self._configs.of(os.path.dirname(found.path), files)
        if settings is None or not settings.projects:
            return None
        from tightship.engine.plan.file_sets import sets_for

        return sets_for(found, settings, self._options)

    def _verdicts(
        self,
        runner: RuleRunner,
        files: Files,
        found: Candidate,
        sets: list[FileSet] | None,
    ) -> list[Verdict]:
        language = found.language
        if language is None and _is_dockerfile(files, found.path):
            language = "dockerfile"
        if language == "dockerfile":
            return self._dockerfile(runner, files, found)
        return self._compose(runner, files, found, sets)

    def _compose(
        self,
        runner: RuleRunner,
        files: Files,
        found: Candidate,
        sets: list[FileSet] | None,
    ) -> list[Verdict]:
        from tightship.engine.compose import check_compose

        asked = [(found, self._options)]
        if sets is not None:
            asked = [(one.found(found), one.options) for one in sets]
        return [
            verdict
            for one, options in asked
            for verdict in check_compose(files, one, runner, options, self._environment)
        ]

    def _dockerfile(
        self, runner: RuleRunner, files: Files, found: Candidate
    ) -> list[Verdict]:
        """Judge a Dockerfile with the projects that build it, or else by itself."""
        name = files.name(found.path)
        verdicts = list[Verdict]()
        for main in _mains_above(os.path.dirname(found.path), files.root):
            if main in self.judged:
                continue
            for verdict in self._projects_above(runner, files, main):
                if name not in verdict.builders:
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

        return list(check_dockerfile(files, found, runner))

    def _projects_above(
        self, runner: RuleRunner, files: Files, main: str
    ) -> list[Verdict]:
        """Return the verdicts on what this run does not judge anyway."""
        found = Candidate(main, "main", main, "compose")
        if self._changes is not None and main not in self._above:
            files = self._changes.above(files, main)
        sets = self._sets(files, found)
        if self._fixing is not None:
            return self._compose(runner, files, found, sets)
        if main not in self._above:
            self._above[main] = self._compose(runner, files, found, sets)
        return self._above[main]

    def _leave_out_repeated(self, verdict: Verdict, *, everywhere: bool) -> None:
        """Leave out what has been said of a Dockerfile that several projects build.

        Where projects are put together of the same files, that goes for all of them.
        """
        if not verdict.builders and not everywhere:
            return
        kept = list[Judged]()
        for one in verdict.findings:
            span = one.span
            if not everywhere and span.source.name not in verdict.builders:
                kept.append(one)
                continue
            path = os.path.join(verdict.root, span.source.name)
            key = (one.rule.name, path, span.start, span.end, one.finding.message)
            if key not in self._said:
                self._said.add(key)
                kept.append(one)
        verdict.findings = kept


def named(path: str) -> Candidate:
    """Return what a file is to its folder, which need not exist yet."""
    folder, name = os.path.split(path)
    return Candidate(path, "named", main_file(folder), language_of(name))


def _is_dockerfile(files: Files, path: str) -> bool:
    """Tell whether a file that was named, and has an unusual name, is a Dockerfile."""
    if _CALLED_DOCKERFILE.fullmatch(os.path.basename(path)):
        return True
    source = files.read_dockerfile(path)
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


def _refused(refusal: Refusal, runner: RuleRunner) -> Verdict:
    source = Source(refusal.name, "")
    gap = Gap(Span(source, 0, 0), refusal.message)
    made = judge(runner, [gap])
    return Verdict(os.getcwd(), (source,), made.findings, services=0, gaps=made.gaps)
