"""The thread that judges, so that the one which talks to the client never waits."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import suppress
from enum import IntEnum
from functools import partial
from heapq import heappop, heappush
from threading import Condition, Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


_GLANCE = 0.05  # seconds after which it is noticed that a job was cancelled


class UnwantedError(Exception):
    """Ends work whose result nobody waits for any more."""


class Urgency(IntEnum):
    """What is done before what, as one waits for it who types."""

    TYPED = 0
    """Judging what is edited."""
    ASKED = 1
    """An answer about the place where the cursor is."""
    CHOSEN = 2
    """What can be done about it: fixes are proved, which may take a while."""
    BESIDE = 3
    """What is shown without being asked for, such as lenses."""
    SWEPT = 4
    """A look at files that are not open."""


class Worker:
    """Does one job after the other, the most urgent one first.

    A long job gives way between its steps: what is more urgent is done within it. So
    there is one thread only, and never two jobs that change the same thing at once.

    The thread is a daemon: a server that is told to go does not wait for a job. A job
    that is cancelled before it has begun is not done, and one that is cancelled later
    ends when it gives way.
    """

    __slots__ = ("_count", "_current", "_jobs", "_news", "_thread")

    def __init__(self) -> None:
        """Prepare; the thread starts with the first job."""
        self._news = Condition()
        self._jobs: list[_Job] = []
        self._count = 0
        self._current: _Job | None = None
        self._thread: Thread | None = None

    async def run(self, job: Callable[[], T], urgency: Urgency = Urgency.ASKED) -> T:
        """Return what a job returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def do() -> None:
            try:
                finish = partial(_tell, future, job())
            except BaseException as error:
                finish = partial(_fail, future, error)
            # The loop may be gone by now, and then nobody waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(finish)

        with self._news:
            self._count += 1
            heappush(self._jobs, _Job(urgency, self._count, do, future.cancelled))
            self._news.notify()
        if self._thread is None:
            self._thread = Thread(target=self._work, name="tightship", daemon=True)
            self._thread.start()
        return await future

    def is_busy(self) -> bool:
        """Tell whether a job is being done, or waits."""
        return self._current is not None or bool(self._jobs)

    def give_way(self) -> None:
        """Do what is more urgent than the job at work, which calls this.

        Raises:
            UnwantedError: if that job was cancelled.

        """
        current = self._current
        if current is None:
            return
        # Looked at without the lock, for this is asked thousands of times.
        while self._jobs and self._is_waited_for(current):
            with self._news:
                job = heappop(self._jobs) if self._is_waited_for(current) else None
            if job is not None:
                self._do(job)
        if current.is_cancelled():
            raise UnwantedError

    def aside(self, step: Callable[[], T]) -> T:
        """Return what a step gives that cannot give way itself; this does for it.

        The step is done in another thread, and must not share with jobs what changes.
        """
        done: Future[T] = Future()

        def do() -> None:
            try:
                done.set_result(step())
            except BaseException as error:
                done.set_exception(error)
            with self._news:
                self._news.notify_all()

        def is_news() -> bool:
            current = self._current
            waits = current is not None and self._is_waited_for(current)
            return done.done() or waits

        Thread(target=do, name="tightship-aside", daemon=True).start()
        while not done.done():
            self.give_way()
            with self._news:
                self._news.wait_for(is_news, _GLANCE)
        return done.result()

    def _is_waited_for(self, current: _Job) -> bool:
        return bool(self._jobs) and self._jobs[0].urgency < current.urgency

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._jobs)
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
    """Something to do; one is less than another if it is done before it."""

    __slots__ = ("_number", "do", "is_cancelled", "urgency")

    def __init__(
        self,
        urgency: Urgency,
        number: int,
        do: Callable[[], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self.urgency = urgency
        self._number = number
        self.do = do
        self.is_cancelled = is_cancelled

    def __lt__(self, other: _Job) -> bool:
        return (self.urgency, self._number) < (other.urgency, other._number)


def _tell(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[T], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
