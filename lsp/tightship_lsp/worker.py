"""The thread that judges, so that the one which talks to the client never waits."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")
    Job = Callable[[], None]


class Worker:
    """Does one job after the other.

    Its thread is a daemon: a server that is told to go does not wait for a job. One
    that is cancelled before it has begun is not done.
    """

    __slots__ = ("_jobs", "_thread")

    def __init__(self) -> None:
        """Prepare; the thread starts with the first job."""
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._thread: Thread | None = None

    async def run(self, job: Callable[[], T]) -> T:
        """Return what a job returns, or raise what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def do() -> None:
            if future.cancelled():
                return
            try:
                finish = partial(_tell, future, job())
            except BaseException as error:
                finish = partial(_fail, future, error)
            # The loop may be gone by now, and then nobody waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(finish)

        self._jobs.put(do)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="tightship", daemon=True)
            self._thread.start()
        return await future

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            job()
            del job


def _tell(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[T], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
