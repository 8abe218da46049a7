"""The thread that judges, so that the one for the client never waits."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from enum import IntEnum
from functools import partial
from heapq import heappop, heappush
from threading import Condition, Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeVar

    T = TypeVar("T")


_POLL = 0.05  # seconds after which a job is seen to be cancelled


class UnwantedError(Exception):
    """Ends work for whose result nobody waits any longer."""


class Priority(IntEnum):
    """The order of jobs, by how long their results can wait."""

    EDIT = 0
    """Judging edited documents."""
    REQUEST = 1
    """An answer about the place where the cursor is."""
    CODE_ACTION = 2
    """Code actions, whose fixes are proved, which may take a while."""
    BACKGROUND = 3
    """Answers that the user has not asked for, such as code lenses."""
    SCAN = 4
    """Judging files that are not open."""


class Worker:
    """Does one job after the other, the most urgent one first.

    A long job gives way between its steps: more urgent ones are done within it. So
    there is one thread only, and no two jobs change the same thing at once.

    The thread is a daemon: a server that ends does not wait for a job. A job that is
    cancelled before it begins is not done, and one that is cancelled later ends when it
    gives way.
    """

    def __init__(self, name: str = "tightship") -> None:
        self._name = name
        self._changed = Condition()
        self._jobs: list[_Job] = []
        self._count = 0
        self._current: _Job | None = None
        self._series = 0
        self._thread: Thread | None = None

    async def run(self, job: Callable[[], T], priority: Priority = Priority.REQUEST) -> T:
        """Do a job; return its result, or raise its error."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def do() -> None:
            try:
                finish = partial(_set_result, future, job())
            except BaseException as error:
                finish = partial(_set_error, future, error)
            # The loop may be gone by now, and then nobody waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(finish)

        with self._changed:
            self._count += 1
            heappush(self._jobs, _Job(priority, self._count, do, future.cancelled))
            self._changed.notify()
        if self._thread is None:
            self._thread = Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        return await future

    def is_busy(self) -> bool:
        """Return whether a job is being done or waits."""
        return self._current is not None or bool(self._jobs)

    def is_in_series(self) -> bool:
        """Return whether more jobs of a series are to come."""
        return self._series > 0

    @contextmanager
    def series(self) -> Generator[None]:
        """Do a series of jobs in a block, one after the other."""
        self._series += 1
        try:
            yield
        finally:
            self._series -= 1

    def give_way(self) -> None:
        """Do the jobs that are more urgent than the current one, which calls this.

        Raises:
            UnwantedError: if that job was cancelled.

        """
        current = self._current
        if current is None:
            return
        # Without the lock, for this is called thousands of times.
        while self._jobs and self._is_waited_for(current):
            with self._changed:
                job = heappop(self._jobs) if self._is_waited_for(current) else None
            if job is not None:
                self._do(job)
        if current.is_cancelled():
            raise UnwantedError

    def run_in_thread(self, step: Callable[[], T]) -> T:
        """Return the result of a step that cannot give way; this does for it.

        The step is done in another thread, and must share no mutable objects with jobs.
        """
        done: Future[T] = Future()

        def do() -> None:
            try:
                done.set_result(step())
            except BaseException as error:
                done.set_exception(error)
            with self._changed:
                self._changed.notify_all()

        def is_ready() -> bool:
            current = self._current
            waits = current is not None and self._is_waited_for(current)
            return done.done() or waits

        Thread(target=do, name="tightship-aside", daemon=True).start()
        while not done.done():
            self.give_way()
            with self._changed:
                self._changed.wait_for(is_ready, _POLL)
        return done.result()

    def _is_waited_for(self, current: _Job) -> bool:
        return bool(self._jobs) and self._jobs[0].priority < current.priority

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs)
                job = heappop(self._jobs)
            self._do(job)
            del job

    def _do(self, job: _Job) -> None:
        if job.is_cancelled():
            return
        before, self._current = self._current, job
        try:
            job.do()
        finally:
            self._current = before


class _Job:
    """A job in the queue; the one that is done first is less."""

    def __init__(
        self,
        priority: Priority,
        number: int,
        do: Callable[[], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self.priority = priority
        self._number = number
        self.do = do
        self.is_cancelled = is_cancelled

    def __lt__(self, other: _Job) -> bool:
        return (self.priority, self._number) < (other.priority, other._number)


def _set_result(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _set_error(future: asyncio.Future[T], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
