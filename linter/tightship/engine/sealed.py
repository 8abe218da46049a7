"""A sealed check: by policies alone, whatever the files that are checked say about it.

Settings, comments, baselines, facts and purposes of the checked tree do not count. What its
settings say about files, as `[[project]]` and `provided`, only adds projects. What was not
seen is a gap, so that a run that saw less than everything never ends as if all were well.
"""

from __future__ import annotations

import os

from tightship.engine.check import Filters, check
from tightship.engine.judge.project import judge_project
from tightship.engine.plan.config_files import Configs
from tightship.engine.roles.role import no_roles
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings import CommandLine
from tightship.engine.settings.selection import Selection
from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Gap, Severity
from tightship.policies.globs import compiled
from tightship.policies.rule import reported
from tightship.text import Source, Span
from tightship.values.quantity import today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.config.settings import PlatformDefinition, Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.judge.judge import Outcome
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.plan import Plan
    from tightship.engine.plan.scope import SkippedFile
    from tightship.policies.policy import Policy, PolicyException

    # Makes the plan of a run by other settings.
    Planning = Callable[[Configs, Filters], Plan]


class SealedConfigs(Configs):
    """Settings that only say which files make a project, and what a platform provides."""

    def __init__(
        self,
        line: CommandLine,
        runner: RuleRunner,
        platform: tuple[PlatformDefinition, ...],
        *,
        with_statements: bool,
    ) -> None:
        """Run some rules everywhere, on files as a platform runs them.

        With ``with_statements``, what settings say about files adds projects.
        """
        super().__init__(line, isolated=not with_statements, baselines=False)
        self._platform = platform
        self.with_facts = self.with_purposes = False
        self.sees_every = True
        self.plain = runner
        self._statements: dict[int, Settings] = {}

    def of(self, folder: str, files: Files) -> Settings | None:
        """Return the part of the settings for a folder that adds projects."""
        found = super().of(folder, files)
        if found is None:
            return self._of_platform(files.root)
        if id(found) not in self._statements:
            from tightship.config.settings import Settings

            made = Settings(found.folder, found.file, found.table)
            made.projects = tuple(found.file_sets)
            made.provided = found.provided
            made.front_ends = found.front_ends
            self._statements[id(found)] = made
        return self._statements[id(found)]

    def _of_platform(self, root: str) -> Settings | None:
        if not self._platform:
            return None
        from tightship.config.settings import Settings

        made = Settings(root)
        made.platform = self._platform
        return made

    def runner(self, folder: str, files: Files) -> RuleRunner:
        """Return the one runner."""
        return self.plain_runner()


class Sealed:
    """Checks files by policies, in addition to a run by the settings of the files."""

    def __init__(self, policies: Sequence[Policy], line: CommandLine) -> None:
        """Begin; ``line`` has the settings of the command line."""
        self.policies = policies
        self._runners = [_runner(one) for one in policies]
        # By the job: what each policy finds in each of its projects.
        self._ready: dict[tuple[object, ...], list[list[Verdict]]] = {}
        self._line = CommandLine(
            fail_on=line.fail_on, accept=False, exclude=line.exclude, folder=line.folder
        )
        self._used: set[Span] = set()

    def note(self, job: Job, found: Sequence[Outcome]) -> None:
        """Judge what a run has loaded, so that the sealed check need not load it again."""
        verdicts = [one for one in found if isinstance(one, Verdict) and _is_same(job, one)]
        if not verdicts or not len(verdicts) == len(found) == len(job.projects):
            return
        pairs = [*zip(job.projects, verdicts, strict=True)]
        self._ready[_key(job)] = [
            [_judged_again(one, runner, verdict) for one, verdict in pairs]
            for runner in self._runners
        ]

    def verdicts(
        self, planned: Planning, filters: Filters, limited: Filters, *, has_statements: bool
    ) -> Iterator[Verdict]:
        """Yield verdicts with what the policies find and what was not seen.

        Args:
            planned: makes the plan of the run by other settings.
            filters: what happens to verdicts before they are reported.
            limited: the same for a policy that asks for what is new: with the change, if any.
            has_statements: whether settings define projects, or what others add to them.

        """
        for number, policy in enumerate(self.policies):
            runner = self._runners[number]

            def ready(job: Job, number: int = number) -> list[Outcome] | None:
                # By settings, projects above may build other Dockerfiles than they do.
                is_own = not has_statements or job.candidate.language != "dockerfile"
                found = self._ready.get(_key(job)) if is_own else None
                return None if found is None else [*found[number]]

            own = limited if policy.only_new else filters
            if own.changes is None:
                own = own.replaced(ready=ready)
            fail_on = "never" if policy.is_advice else self._line.fail_on or "warning"
            seen: set[tuple[str, str]] = set()
            for with_statements in (False, True)[: 1 + has_statements]:
                given = self._line, runner, policy.platform
                configs = SealedConfigs(*given, with_statements=with_statements)
                is_last = with_statements == has_statements
                for verdict in self._judged(planned, configs, own, policy, is_last=is_last):
                    kept = _new(verdict, seen).replaced(fail_on=fail_on, services=0)
                    kept = kept.replaced(gaps=()) if policy.is_advice else kept
                    if kept.findings or kept.gaps or kept.accepted:
                        yield kept
        yield from self._about_exceptions()

    def _judged(
        self,
        planned: Planning,
        configs: Configs,
        filters: Filters,
        policy: Policy,
        *,
        is_last: bool,
    ) -> Iterator[Verdict]:
        plan = planned(configs, filters)
        for verdict in check(plan, filters):
            plan.scope.add(verdict)
            self._used.update(
                one.accepted.place
                for one in verdict.accepted
                if one.accepted is not None and one.accepted.place is not None
            )
            yield verdict.replaced(find_roles=no_roles)
        for file in plan.scope.left:
            is_read = file.does and not is_last  # only settings ask for it
            if is_missed(file, policy) and not is_read:
                yield not_seen(file, "if it is never run, name it in `left-out` of the policy")

    def _about_exceptions(self) -> Iterator[Verdict]:
        """Yield the exceptions that are over, and those that accept nothing."""
        for policy in self.policies:
            found = [*self._exceptions(policy)]
            if found:
                folder = os.path.dirname(policy.source.name)
                yield Verdict(folder, (policy.source,), found)

    def _exceptions(self, policy: Policy) -> Iterator[JudgedFinding]:
        day = today()
        for one in policy.exceptions:
            if one.is_over(day):
                told = f"the exception from `{one.rule}` ended on {one.until}: renew or remove it"
                yield _judged(one, "policy/expired-exception", told, Severity.WARNING)
            elif one.span not in self._used:
                told = f"the exception from `{one.rule}` accepts nothing: remove it"
                yield _judged(one, "policy/unused-exception", told, Severity.INFO)


def _runner(policy: Policy) -> RuleRunner:
    words = policy.builtin
    made = RuleRunner(Selection(words), None if words else (), accept=False)
    made.policies = [policy]
    return made


def _judged_again(job: Job, runner: RuleRunner, verdict: Verdict) -> Verdict:
    """Return the verdict of another runner on a project that is loaded."""
    loaded = verdict.project
    assert loaded is not None
    made = judge_project(job.replaced(runner=runner, baseline=None, facts=None), loaded)
    return made.replaced(project=None, kept_members=tuple(verdict.members))


def _is_same(job: Job, verdict: Verdict) -> bool:
    """Return whether a job loads what it would without settings."""
    settings = job.settings
    if verdict.project is None or verdict.failure is not None:
        return False
    if settings is not None and settings.provided.place is not None:
        return False
    if job.file_sets is not None:  # files that commands merge, and not the settings
        return job.is_merged
    return verdict.sources[:1] != () and verdict.sources[0].name == job.name


def _key(job: Job) -> tuple[object, ...]:
    one, role = job.candidate, job.candidate.role
    loads = None if role is None else (role.loading, role.platform)
    sets = job.file_sets if job.file_sets is None else tuple(map(_key_of_set, job.file_sets))
    return one.path, one.kind, one.language, loads, id(job.options), sets


def _key_of_set(one: FileSet) -> tuple[object, ...]:
    given = one.options
    lists = tuple(given.env_files), tuple(given.profiles)
    return one.paths, *lists, given.project_directory, given.name, id(given.environment)


def _judged(one: PolicyException, name: str, told: str, severity: Severity) -> JudgedFinding:
    rule = reported(name, severity, told)
    return JudgedFinding(
        rule, Finding(one.span, told), severity, Subject("file", one.span.source.name)
    )


def _new(verdict: Verdict, seen: set[tuple[str, str]]) -> Verdict:
    """Return a verdict without findings that were yielded before."""
    fresh: list[JudgedFinding] = []
    for one in verdict.findings:
        key = verdict.root, one.fingerprint
        if key not in seen:
            seen.add(key)
            fresh.append(one)
    return verdict.replaced(findings=fresh)


def is_missed(file: SkippedFile, policy: Policy) -> bool:
    """Return whether a file that was not read may break a policy, as far as is known."""
    is_left_out = any(compiled(one).matches(file.name) for one in policy.left_out)
    return file.must_be_read and not is_left_out


def not_seen(file: SkippedFile, advice: str) -> Verdict:
    """Return the verdict on a file that the run did not judge, and has to."""
    source, at = Source(file.name, "\n" * file.line), max(file.line - 1, 0)  # without its text
    gap = Gap(Span(source, at, at), f"{file.message}; {advice}")
    return Verdict(file.root, (source,), (), gaps=(gap,))
