"""Projects that other processes judge, ahead of the run that reports them.

A run decides what to report from what it has reported before, so that it takes projects
in one order. Judging a project asks for nothing but its files, and is nine tenths of the
work: that is what other processes do, some projects ahead. Verdicts come back without
the models of their projects, which are large.
"""

from __future__ import annotations

import os
from itertools import islice

from tightship.engine.disk.files import Disk
from tightship.engine.judge.judge import judge
from tightship.engine.plan.candidates import Candidate
from tightship.engine.plan.job import job_for
from tightship.engine.verdict import Verdict
from tightship.isolation.loaded_project import LoadedProject
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.definition import RULES_FROM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor
    from typing import TypeAlias

    from tightship.engine.disk.regular import Refusal
    from tightship.engine.judge.judge import Outcome
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.plan import Plan
    from tightship.engine.roles.decide import Roles
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.text import Source

    # A candidate with the root of its project.
    Task: TypeAlias = tuple[Candidate, str]

_CHUNK = 16  # candidates
_COLLECT_AFTER = 50_000  # new objects
_MOST_ON_WINDOWS = 61  # processes: it cannot wait for more
_CHUNKS_AHEAD = 3  # of each process
_SAFE_PATH = "PYTHONSAFEPATH"

_judging: Judging | None = None
_disk = Disk()  # of this process


class ProjectElsewhere(LoadedProject, frozen=False):
    """A project that another process has loaded: only its files are known."""

    __slots__ = ("_members",)

    def __init__(self, members: tuple[Source, ...]) -> None:
        super().__init__(None, (), None)
        self._members = members

    @property
    def members(self) -> Iterator[Source]:
        """Yield the files that are judged with it, and not by themselves."""
        return iter(self._members)


class Judging(Record):
    """How other processes judge: what a plan and the filters of the run have, too."""

    configs: Configs
    options: Options
    redact: Callable[[Verdict], Verdict]


class Workers(Record):
    """The number of processes that judge, and what each of them begins with.

    ``begin`` is called in each process, so it has to be a function that can be pickled.
    """

    number: int
    begin: Callable[[], Judging]


class WorkerPool:
    """Judges candidates in other processes, in their order."""

    def __init__(self, workers: Workers) -> None:
        self._jobs = workers.number
        self._begin = workers.begin
        self._root_of: Callable[[str], str] = os.path.dirname
        self._pool: ProcessPoolExecutor | None = None
        self._chunks: dict[str, tuple[int, Future[list[list[Outcome] | None]]]] = {}

    def jobs(self, plan: Plan) -> Iterator[Job | Refusal]:
        """Yield the jobs of a plan, and let them be judged before they come."""
        self._root_of = lambda path: plan.inputs.files_of(path).root
        self._start()
        try:
            yield from plan.jobs(self._judged_ahead(plan.candidates()))
        finally:
            self.close()

    def take(self, job: Job) -> list[Outcome] | None:
        """Return what judging a job gives; ``None`` where the run has to judge it."""
        number, chunk = self._chunks.pop(job.candidate.path, (0, None))
        if chunk is None:
            return None
        try:
            return chunk.result()[number]
        except Exception:  # it ended, or what it found cannot be sent
            return None

    def close(self) -> None:
        """End the processes, as soon as each has judged what it is at."""
        if self._pool is not None:
            # Python waits as it ends, too, and may then write to a pipe that is closed.
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._chunks.clear()

    def _start(self) -> None:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # It begins afresh: nothing of this one is copied in the middle of a change.
        jobs = min(self._jobs, _MOST_ON_WINDOWS) if os.name == "nt" else self._jobs
        with _Starting():
            self._pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (self._begin,))

    def _judged_ahead(self, left: Iterator[Candidate | Refusal]) -> Iterator[Candidate | Refusal]:
        most = _CHUNK * _CHUNKS_AHEAD * self._jobs
        pending = list(islice(left, most))
        submitted = 0
        while pending:
            while submitted < len(pending) and submitted < most:
                self._submit(pending[submitted : submitted + _CHUNK])
                submitted = min(submitted + _CHUNK, len(pending))
            done, pending = pending[:_CHUNK], pending[_CHUNK:]
            submitted = max(submitted - len(done), 0)
            pending += islice(left, _CHUNK)
            for one in done:
                yield one
                if isinstance(one, Candidate):
                    # It may have been left out, as a part of another project.
                    self._chunks.pop(one.path, None)

    def _submit(self, candidates: Sequence[Candidate | Refusal]) -> None:
        tasks = [
            (one, self._root_of(one.path))
            for one in candidates
            if isinstance(one, Candidate) and one.language == "compose"
        ]
        if not tasks or self._pool is None:
            return
        from concurrent.futures import BrokenExecutor

        try:
            with _Starting():
                chunk = self._pool.submit(_judged, tasks)
        except BrokenExecutor:
            return
        for number, (one, _) in enumerate(tasks):
            self._chunks[one.path] = number, chunk


class _Starting:
    """Surrounds what may start a process.

    It begins with `python -c`, which would import what lies in the current folder, and gets
    Ctrl-C before it can ignore that.
    """

    def __enter__(self) -> None:
        self._before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        if os.name != "nt":
            from signal import SIG_BLOCK, SIGINT, pthread_sigmask

            self._blocked = pthread_sigmask(SIG_BLOCK, {SIGINT})

    def __exit__(self, *_: object) -> None:
        del os.environ[_SAFE_PATH]
        if self._before is not None:
            os.environ[_SAFE_PATH] = self._before
        if os.name != "nt":
            from signal import SIG_SETMASK, pthread_sigmask

            pthread_sigmask(SIG_SETMASK, self._blocked)


def _begin(begin: Callable[[], Judging]) -> None:
    import gc
    import signal

    # As in the process of the run, there is little for the collector to find.
    gc.set_threshold(_COLLECT_AFTER)

    # Ctrl-C reaches all processes of a terminal; the run ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.environ.get(RULES_FROM):
        from tightship.rules.own import use_named_by_environment

        use_named_by_environment()
    global _judging
    _judging = begin()


def _judged(tasks: Sequence[Task]) -> list[list[Outcome] | None]:
    assert _judging is not None
    return [_outcomes(_judging, candidate, root) for candidate, root in tasks]


def _outcomes(how: Judging, candidate: Candidate, root: str) -> list[Outcome] | None:
    try:
        job = job_for(candidate, _disk.below(root), how.configs, how.options)
        job = job.replaced(find_roles=_known_to_the_run)
        if job.file_sets is not None:
            return None  # only the run knows which of them were judged
        return [
            _portable(how.redact(one)) if isinstance(one, Verdict) else one for one in judge(job)
        ]
    except Exception:  # the run meets it, too, and reports it
        return None


def _known_to_the_run() -> Roles:
    raise LookupError("only the run looks for roles")


def _portable(verdict: Verdict) -> Verdict:
    project = verdict.project
    elsewhere = project and ProjectElsewhere(tuple(project.members))
    return verdict.replaced(project=elsewhere)
