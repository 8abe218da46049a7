"""Waiting until edits pause: many changes make one round of work."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


_GLANCE = 0.0005  # seconds between two looks at what comes


class Pause:
    """Does a round of work some time after the last change.

    Rounds never overlap: what changes during one is in the next, which follows it. One
    does not begin while more is on its way from the client, as in a burst of edits.
    """

    __slots__ = ("_failed", "_is_behind", "_task", "_timer", "_work", "is_due")

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        failed: Callable[[Exception], None],
        is_behind: Callable[[], bool] = bool,
    ) -> None:
        """Do nothing until something starts.

        ``failed`` hears of rounds that fail, and ``is_behind`` tells whether messages
        of the client are waiting.
        """
        self._work = work
        self._failed = failed
        self._is_behind = is_behind
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_due = False

    def start(self, delay: float) -> None:
        """Do a round in some seconds, unless another start puts it off."""
        if self._timer is not None:
            self._timer.cancel()
        if delay > 0 and not self.is_due:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, self._fire)
        else:
            self._fire()

    def _fire(self) -> None:
        self._timer = None
        self.is_due = True
        if self._task is None:
            self._task = asyncio.ensure_future(self._rounds())

    async def _rounds(self) -> None:
        try:
            while self.is_due:
                await asyncio.sleep(0)
                while self._is_behind():
                    await asyncio.sleep(_GLANCE)
                self.is_due = False
                try:
                    await self._work()
                except Exception as error:
                    self._failed(error)
        finally:
            self._task = None
