"""Rounds of work that wait for a pause in the edits."""

from __future__ import annotations

import asyncio

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


_POLL = 0.0005  # seconds between two looks at the client's messages


class Debouncer:
    """Does a round of work some time after the last change.

    Rounds never overlap: a change during a round starts another one after it. A round
    does not begin while more messages are on their way, as in a burst of edits.

    ``failed`` gets the errors of rounds.
    """

    __slots__ = ("_failed", "_is_behind", "_task", "_timer", "_work", "is_due")

    def __init__(
        self,
        work: Callable[[], Awaitable[None]],
        failed: Callable[[Exception], None],
        is_behind: Callable[[], bool] = bool,
    ) -> None:
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
                    await asyncio.sleep(_POLL)
                self.is_due = False
                try:
                    await self._work()
                except Exception as error:
                    self._failed(error)
        finally:
            self._task = None
