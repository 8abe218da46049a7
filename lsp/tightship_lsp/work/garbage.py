"""Garbage is collected when nobody waits: after what was found has been sent.

A judgement makes tens of thousands of objects that refer to one another, and takes the
place of the one before it, which then is garbage. To look for it during the next one
would hold that up.
"""

from __future__ import annotations

import asyncio
import gc
from time import perf_counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_AT_LATEST = 100_000
"""After so many new objects it is collected all the same: some judgements of 2,000 lines."""

_AFTER = 0.05  # seconds: what was found has been written by then
_SHARE = 0.1  # of the time, at most, goes into collecting
_LOOKS = 20  # at whether work is being done, before it is held up


def leave() -> None:
    """Leave garbage alone for now, as far as there is room for it."""
    gc.set_threshold(_AT_LATEST)


def keep() -> None:
    """Take what there is now for something that stays: it is not looked through."""
    gc.collect()
    gc.freeze()


class Garbage:
    """Collects garbage between judgements, but does not do so all the time.

    ``is_busy`` tells whether somebody waits for a job that it would hold up.
    """

    __slots__ = ("_is_busy", "_is_due", "_looks", "_rested")

    def __init__(self, is_busy: Callable[[], bool] = lambda: False) -> None:
        self._is_busy = is_busy
        self._is_due = False
        self._looks = 0
        self._rested = 0.0

    def made(self) -> None:
        """Collect soon what a judgement has left."""
        if not self._is_due:
            self._is_due = True
            wait = max(_AFTER, self._rested - perf_counter())
            asyncio.get_running_loop().call_later(wait, self._collect)

    def _collect(self) -> None:
        self._looks += 1
        if self._looks < _LOOKS and self._is_busy():
            asyncio.get_running_loop().call_later(_AFTER, self._collect)
            return
        self._is_due = False
        self._looks = 0
        started = perf_counter()
        gc.collect()
        ended = perf_counter()
        self._rested = ended + (ended - started) * (1 / _SHARE - 1)
