"""From a plan to verdicts: each job is judged, and its verdicts pass the filters."""

from __future__ import annotations

import os

from tightship.config.key import ConfigError
from tightship.engine.disk.files import Disk
from tightship.engine.disk.regular import Refusal
from tightship.engine.filters import KnownFindings, ReportedOnce, by_purpose
from tightship.engine.judge.judge import Remembering, judge
from tightship.engine.judge.project import failed, refused
from tightship.engine.plan.role_order import with_roles
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.settings.selection import MissingExtraError, UnknownWordError
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.engine.change.changes import Changes
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.judge.judge import Outcome
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.plan import Plan
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import Verdict
    from tightship.engine.worker_pool import WorkerPool, Workers

FEWEST_FOR_WORKERS = 200
"""The number of Compose files from which on processes pay for their start."""


class Filters(Record):
    """What happens to verdicts before they are reported.

    ``fixing`` rewrites each project before. With ``changes``, projects that they do not
    touch are left out, and so are findings that were there before, if the changes lead to
    the files as they were. ``redact`` returns a verdict without secrets. ``judged`` is
    called with what each job gives, and ``ready`` returns what was judged elsewhere. With a
    ``runner``, its rules are run in place of those that the settings select, and each
    verdict keeps all findings: those that are known, and those that another verdict has.
    Facts may ask for the ``compared`` changes, which leave nothing out.
    """

    fixing: Rewriting | None = None
    changes: Changes | None = None
    redact: Callable[[Verdict], Verdict] | None = None
    judged: Callable[[Job, list[Outcome]], None] | None = None
    ready: Callable[[Job], list[Outcome] | None] | None = None
    runner: RuleRunner | None = None
    compared: Changes | None = None

    @property
    def disk(self) -> Disk:
        """Return how such a run reads the disk."""
        overlay = self.fixing.overlay if self.fixing is not None else None
        return Disk(overlay, records=bool(self.changes or self.compared))


_NONE = Filters()


def check(
    plan: Plan, filters: Filters = _NONE, workers: Callable[[], Workers | None] | None = None
) -> Iterator[Verdict]:
    """Judge the jobs of a plan, one verdict for each project.

    Dockerfiles come last, unless a service builds them: then they are part of the
    verdict on its project.

    Args:
        plan: the jobs.
        filters: what happens to the verdicts.
        workers: returns other processes that judge, if there are many projects; their
            verdicts know the files of a project, and not its model.

    Raises:
        ConfigError: if a configuration is invalid.
        MissingExtraError: if it names a set whose extra is not installed.

    """
    compares = filters.changes is not None or filters.compared is not None
    is_plain = filters.fixing is None and not compares and filters.runner is None
    asks = plan.asks_shellcheck and filters.runner is None
    # What other processes have loaded cannot be judged again.
    pool = _pool(plan, workers) if is_plain and not asks and filters.judged is None else None
    chain = _Chain(plan, filters, pool)
    try:
        if asks:
            from tightship.engine.prefetch import prefetch

            prefetch(plan, keep=is_plain)
        for job in plan.jobs() if pool is None else pool.jobs(plan):
            if isinstance(job, Refusal):
                yield refused(os.getcwd(), job, plan.usual_runner)
            else:
                yield from chain.verdicts(job)
    finally:
        if asks:
            from tightship.engine.shellcheck.answers import shellcheck

            shellcheck().end()


class _Chain:
    """What the verdicts on each job pass."""

    def __init__(self, plan: Plan, filters: Filters, pool: WorkerPool | None) -> None:
        self._plan = plan
        self._filters = filters
        self._pool = pool
        # A project above is judged once for all Dockerfiles, unless its files change.
        self._above = Remembering() if filters.fixing is None else judge
        self._once = ReportedOnce()
        self._known = KnownFindings()

    def verdicts(self, job: Job) -> Iterator[Verdict]:
        """Yield the verdicts on a job; an error on it does not end the run."""
        try:
            yield from self._filtered(job)
        except (ConfigError, UnknownWordError, MissingExtraError):
            raise
        except Exception as error:
            yield failed(job.files.root, job.name, error, self._plan.usual_runner)

    def _filtered(self, job: Job) -> Iterator[Verdict]:
        changes, redact = self._filters.changes, self._filters.redact
        if self._filters.runner is not None:
            yield from self._fixed(job.replaced(runner=self._filters.runner, baseline=None))
            return
        verdicts, is_told = (
            (self._fixed(job), True) if changes is None else self._changed(job, changes)
        )
        job = job if changes is None else changes.with_strictest(job)
        for verdict in verdicts:
            if redact is not None:
                verdict = redact(verdict)
            verdict = self._once.without_repeated(verdict, job)
            if not is_told:  # the others do not repeat its findings
                continue
            # A Dockerfile that products and tests build was reported with a product.
            if self._plan.configs.with_purposes:
                verdict = by_purpose(verdict, job)
            verdict = self._known.without_known(verdict, job)
            yield verdict.replaced(fail_on=job.fail_on)

    def _fixed(self, job: Job) -> list[Verdict]:
        """Return the verdicts on a job after its files were rewritten."""
        fixing = self._filters.fixing
        verdicts = self._judged(job) if fixing is None else fixing.fix(job, self._judged)
        self._plan.add(job, verdicts)
        return verdicts

    def _changed(self, job: Job, changes: Changes) -> tuple[list[Verdict], bool]:
        """Return the verdicts on a job, with what is new, and whether the changes touch it."""
        from tightship.engine.change.changes import ChangeOfJob

        fixing = self._filters.fixing
        changes.record_lookups(job)
        members = changes.spare(job)
        if members is not None:
            self._plan.add_parts(map(job.files.path, members))
            return [], False
        verdicts = self._judged(job)
        change = ChangeOfJob(changes, job, verdicts)
        if fixing is not None and change.touches:
            verdicts = fixing.fix(
                job, lambda one: change.without_earlier(self._judged(one), one.runner)
            )
        else:
            verdicts = change.without_earlier(verdicts, job.runner)
        verdicts = change.with_hidden(verdicts)
        self._plan.add(job, verdicts)
        return verdicts, change.touches

    def _judged(self, job: Job) -> list[Verdict]:
        """Return the verdicts on a job, with what commands in the repository add to its files."""
        verdicts = self._judged_as_planned(job)
        merged = self._plan.completed(job, verdicts)
        if merged is not None:
            verdicts = self._judged_as_planned(merged)
        if self._filters.fixing is None or not self._filters.fixing.regards_baseline:
            return verdicts
        known = KnownFindings()
        return [known.without_known(one, job) for one in verdicts]

    def _judged_as_planned(self, job: Job) -> list[Verdict]:
        """Return the verdicts on a job, and report the files that have none."""
        job = job.replaced(changes=self._filters.compared or self._filters.changes)
        ready = self._pool.take(job) if self._pool is not None else None
        if self._filters.ready is not None:
            ready = self._filters.ready(job)
        found = judge(job, self._above) if ready is None else ready
        if self._filters.judged is not None:
            self._filters.judged(job, found)
        verdicts: list[Verdict] = []
        for one in found:
            if isinstance(one, SkippedFile):
                self._plan.scope.leave(one)
            else:
                verdicts.append(with_roles(one, job))
        return verdicts


def _pool(plan: Plan, workers: Callable[[], Workers | None] | None) -> WorkerPool | None:
    """Return the processes that judge ahead, if there are enough projects for them."""
    many = plan.compose_files >= FEWEST_FOR_WORKERS
    found = workers() if workers is not None and many else None
    if found is None:
        return None
    from tightship.engine.worker_pool import WorkerPool

    return WorkerPool(found)
