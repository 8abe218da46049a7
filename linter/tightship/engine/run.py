"""The state of one run, and the verdicts on one candidate after another."""

from __future__ import annotations

import os

from tightship.config.problem import ConfigError
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.plan import (
    JudgingPlan,
    Reported,
    file_sets_below,
    in_order,
    main_files_above,
    plan_for,
    planned_file_sets,
)
from tightship.engine.plan.skipped import SkippedFile
from tightship.engine.settings.selection import MissingExtraError, UnknownWordError
from tightship.engine.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tightship.engine.accept.baseline import Baseline, BaselineCount
    from tightship.engine.disk.files import Files
    from tightship.engine.disk.regular import Refusal
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.judge.before import ProjectBefore
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.changes import Changes
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.worker_pool import Outcome, WorkerPool
    from tightship.frontends.compose.loading.options import Options
    from tightship.isolation.loaded_project import LoadedProject

_MOST_LOADED = 1_000


def verdicts_on(run: Run, files: Files, candidate: Candidate) -> Iterator[Verdict]:
    """Yield the verdicts on a candidate; an error on it does not end the run."""
    try:
        yield from run.judge(files, candidate)
    except (ConfigError, UnknownWordError, MissingExtraError):
        raise
    except Exception as error:
        from tightship.engine.judge.judge import failed

        name = files.name(candidate.path) or candidate.path
        yield failed(files.root, name, error, run.runner)


class Run:
    """The state of one run: settings, and the projects that it has judged.

    ``judged`` holds the paths of files that belong to a project which was judged.
    ``ahead`` judges projects in other processes, if it is set.
    """

    def __init__(
        self,
        runner: RuleRunner,
        options: Options | None = None,
        environment: Mapping[str, str] | None = None,
        fixing: Rewriting | None = None,
        baseline: Baseline | None = None,
        changes: Changes | None = None,
        configs: Configs | None = None,
        fail_on: str = "",
        skipped: Callable[[SkippedFile], None] | None = None,
        redact: Callable[[Verdict], Verdict] | None = None,
    ) -> None:
        """Begin a run; see :func:`check`."""
        self._skipped = skipped
        self._redact = redact
        self.runner = runner
        self.judged = set[str]()
        self.main_files: Callable[[str, str], Iterator[Candidate]] = main_files_above
        self._options = options
        self._environment = environment
        self._fixing = fixing
        self._baseline = baseline
        self._changes = changes
        self._configs = configs or Configs(isolated=True)
        self._configs.plain = runner
        self._fail_on = fail_on
        self._counts: dict[int, BaselineCount] = {}
        self._done = set[tuple[str, ...]]()
        self._reported = Reported()
        self._read_before = set[str]()
        self._above: dict[str, list[Verdict]] = {}
        self.ahead: WorkerPool | None = None
        self._is_ahead = False
        self._loaded: dict[str, LoadedProject] = {}

    def outcomes(self, files: Files, candidate: Candidate) -> list[Outcome] | None:
        """Judge a file by itself; return ``None`` where the configuration has file sets."""
        plan = self._plan(files, candidate)
        if plan.file_sets is not None:
            return None
        found = self._outcomes(plan.runner, files, candidate, plan)
        return [self._shown(one) if isinstance(one, Verdict) else one for one in found]

    def expecting(self) -> Run:
        """Return a run that judges nothing, and announces scripts to ShellCheck."""
        run = Run(self.runner, self._options, self._environment, configs=self._configs)
        run._is_ahead = True
        return run

    def keep_loaded(self, candidate: Candidate, verdict: Verdict) -> None:
        """Keep what was loaded for a Dockerfile alone, for the verdict on it."""
        loaded = verdict.project
        is_alone = loaded is not None and loaded.compose is None
        may_change = self._fixing is not None or self._changes is not None
        if loaded and is_alone and not may_change and len(self._loaded) < _MOST_LOADED:
            self._loaded[candidate.path] = loaded

    def judge(self, files: Files, candidate: Candidate) -> Iterator[Verdict]:
        """Judge the projects of a candidate, unless it is another kind of file."""
        plan = self._plan(files, candidate)
        is_named = candidate.kind == "named"
        if not is_named:
            plan = plan.without(self._done)
            self._done.update(one.paths for one in plan.file_sets or ())
        runner = plan.runner
        if runner.asks_shellcheck:
            from tightship.engine.shellcheck.program import shellcheck_program

            shellcheck_program()
        if self._is_ahead:
            runner = runner.expecting()

        language = candidate.language
        builds = language == "dockerfile"
        if language is None:
            from tightship.engine.plan.dockerfile_text import is_dockerfile

            builds = is_dockerfile(files, candidate.path)
        knows = self._fixing is not None and self._fixing.regards_baseline

        def judge(runner: RuleRunner, now: Files) -> list[Verdict]:
            found = (
                self._dockerfile(runner, now, candidate)
                if builds
                else self._compose(runner, now, candidate, plan)
            )
            return plan.without_known(found, {}) if knows else found

        if self._changes is not None:
            self._changes.record_lookups(candidate, files)
        verdicts: list[Verdict] = []
        if self._fixing is None or self._changes is not None:
            verdicts = judge(runner, files)
        touched = self._changes is None or self._changes.touch(files)
        before: ProjectBefore | None = None
        asks = not self._changes_report_all or any(one.accepted for one in verdicts)
        if touched and asks and self._changes is not None and self._changes.undone:
            from tightship.engine.judge.before import ProjectBefore

            before = ProjectBefore(
                *(self._changes.undone, files, candidate, plan),
                *(self._options, self._environment),
                is_dockerfile=builds,
            )

        def judge_new(runner: RuleRunner, now: Files) -> list[Verdict]:
            found = judge(runner, now)
            # A proof, which runs all rules, needs every finding.
            if before is None or runner is not plan.runner or self._changes_report_all:
                return found
            return before.without_earlier(found)

        if self._fixing is not None and touched:
            fail_on = self._fail_on or plan.fail_on
            verdicts = self._fixing.fix(files, plan.runner, judge_new, fail_on)
            self._above.clear()
        elif before is not None and not self._changes_report_all:
            verdicts = before.without_earlier(verdicts)
        if before is not None:
            verdicts = [self._with_hidden(one, before, candidate, files) for one in verdicts]
        has_file_sets = plan.file_sets is not None
        for verdict in verdicts:
            # For a named Dockerfile, the rest of its project is not reported.
            is_whole = files.name(candidate.path) not in verdict.builders
            if is_whole and not (has_file_sets and is_named):
                read = (files.path(source.name) for source in verdict.members)
                self.judged.update(path for path in read if path != candidate.path)
            if not touched:
                continue
            # A file that others extend or include may be judged more than once.
            is_shared = candidate.path in self._read_before
            everywhere = has_file_sets or is_shared or len(verdict.sources) > 1
            self._read_before.update(files.path(one.name) for one in verdict.sources)
            fail_on = self._fail_on or self._strictest(plan, candidate, files)
            verdict = self._reported.only_new(
                self._shown(verdict), everywhere=everywhere, settings=(id(plan.baseline), fail_on)
            )
            verdict = plan.without_known([verdict], self._counts)[0]
            yield verdict.replaced(fail_on=fail_on)

    def _strictest(self, plan: JudgingPlan, candidate: Candidate, files: Files) -> str:
        """Return what makes a run fail: a change cannot raise that for itself."""
        changes = self._changes
        if changes is None or changes.settings is None or not changes.may_configure:
            return plan.fail_on
        from tightship.engine.judge.hidden import strictest

        settings = changes.settings.of(os.path.dirname(candidate.path), files)
        return strictest(plan.fail_on, settings)

    @property
    def _changes_report_all(self) -> bool:
        return self._changes is not None and self._changes.reports_all

    def _with_hidden(
        self, verdict: Verdict, before: ProjectBefore, candidate: Candidate, files: Files
    ) -> Verdict:
        """Return a verdict in which findings count that comments of the change accept."""
        configs = self._changes.settings if self._changes is not None else None
        found = before.newly_accepted(verdict) if configs is not None else []
        if not found or configs is None:
            return verdict
        from tightship.engine.judge.hidden import restored

        settings = configs.of(os.path.dirname(candidate.path), files)
        return restored(verdict, found, settings)

    def in_order(
        self, candidates: Iterable[Candidate | Refusal], paths: Iterable[str]
    ) -> Iterator[Candidate | Refusal]:
        """Yield candidates in the order of judging, and the file sets below some paths."""
        return in_order(candidates, lambda: self._file_sets_left(paths), self.judged.__contains__)

    def _file_sets_left(self, paths: Iterable[str]) -> Iterator[FileSet]:
        """Yield the configured file sets below some folders that were not judged."""
        folders = filter(os.path.isdir, paths)
        for one in file_sets_below(folders, self._configs.file_sets()):
            if one.paths not in self._done:
                yield one

    def _shown(self, verdict: Verdict) -> Verdict:
        """Return a verdict as reports show it, be it from this process or another one."""
        return verdict if self._redact is None else self._redact(verdict)

    def _plan(self, files: Files, candidate: Candidate) -> JudgingPlan:
        return plan_for(candidate, self._configs, files, self._options, baseline=self._baseline)

    def _compose(
        self, runner: RuleRunner, files: Files, candidate: Candidate, plan: JudgingPlan
    ) -> list[Verdict]:
        ready = self.ahead.take(candidate) if self.ahead is not None else None
        return self._without_skipped(
            self._outcomes(runner, files, candidate, plan) if ready is None else ready
        )

    def _outcomes(
        self, runner: RuleRunner, files: Files, candidate: Candidate, plan: JudgingPlan
    ) -> Iterator[Outcome]:
        from tightship.engine.judge.compose import judge_compose

        for one, options in plan.projects(candidate, self._options):
            yield judge_compose(files, one, runner, options, self._environment)

    def _without_skipped(self, judged: Iterable[Outcome]) -> list[Verdict]:
        """Return the verdicts, and report the files that have none."""
        verdicts: list[Verdict] = []
        for one in judged:
            if isinstance(one, SkippedFile):
                if self._skipped is not None:
                    self._skipped(one)
            elif one is not None:
                verdicts.append(one)
        return verdicts

    def _dockerfile(self, runner: RuleRunner, files: Files, candidate: Candidate) -> list[Verdict]:
        """Judge a Dockerfile with the projects that build it, or else alone."""
        name = files.name(candidate.path)
        verdicts: list[Verdict] = []
        for main in self.main_files(candidate.path, files.root):
            if main.path in self.judged:
                continue
            for verdict in self._projects_above(runner, files, main):
                if name not in verdict.builders:
                    continue
                if self._changes is not None:
                    self._changes.add_record_of(main.path, files)
                verdicts += (
                    verdict.about(source) for source in verdict.sources if source.name == name
                )
        if verdicts:
            return verdicts
        from tightship.engine.judge.dockerfile import judge_dockerfile

        loaded = self._loaded.pop(candidate.path, None)
        judged = judge_dockerfile(files, candidate, runner, loaded=loaded)
        return self._without_skipped([judged])

    def _projects_above(
        self, runner: RuleRunner, files: Files, candidate: Candidate
    ) -> list[Verdict]:
        """Return the verdicts on a project that this run judges for its Dockerfiles only."""
        main = candidate.path
        if self._changes is not None and main not in self._above:
            files = self._changes.above(files, main)
        # The rules and the baseline are those of the Dockerfile.
        settings = self._configs.of(os.path.dirname(main), files)
        file_sets = planned_file_sets(candidate, settings, self._options)
        plan = JudgingPlan(runner, file_sets)
        if self._fixing is not None:
            return self._compose(runner, files, candidate, plan)
        if main not in self._above:
            self._above[main] = self._compose(runner, files, candidate, plan)
        return self._above[main]
