"""Waiting until edits pause: many changes make one round of work."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Pause:
    """Does a round of work some time after the last change.

    Rounds never overlap: what changes during one is in the next, which follows it.
    """

    __slots__ = ("_failed", "_is_due", "_task", "_timer", "_work")

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        failed: Callable[[Exception], None],
    ) -> None:
        """Do nothing until something starts; ``failed`` hears of rounds that fail."""
        self._work = work
        self._failed = failed
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_due = False

    def start(self, delay: float) -> None:
        """Do a round in some seconds, unless another start puts it off."""
        if self._timer is not None:
            self._timer.cancel()
        if delay > 0 and not self._is_due:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(delay, self._fire)
        else:
            self._fire()

    def _fire(self) -> None:
        self._timer = None
        self._is_due = True
        if self._task is None:
            self._task = asyncio.ensure_future(self._rounds())

    async def _rounds(self) -> None:
        try:
            while self._is_due:
                # What has come at once, such as a burst of edits, is in the round.
                await asyncio.sleep(0)
                self._is_due = False
                try:
                    await self._work()
                except Exception as error:
                    self._failed(error)
        finally:
            self._task = None
