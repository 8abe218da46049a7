"""Garbage collection when nobody waits: after diagnostics have been sent.

A judgement makes tens of thousands of objects that refer to one another, and turns the
one before it into garbage. A collection during the next one would hold that up. One of all
objects takes tenths of a second if large documents are open, so there is none as long as
a scan goes on. A scan collects its own garbage, step by step.
"""

from __future__ import annotations

import asyncio
import gc
from time import perf_counter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_THRESHOLD = 100_000
"""So many new objects are collected at once: some judgements of 2,000 lines."""

_DELAY = 0.05  # seconds: the diagnostics have been written by then
_SHARE = 0.1  # of the time, at most, goes into collecting
_MOST_DELAYS = 20  # while work is being done

_MANY = 20_000  # new objects, which are examined within some milliseconds
_NEW = 1  # the generations of objects that no collection has left so far
_ALL = 2
_MOST_PARTIAL = 100  # collections of new objects in a row


def postpone() -> None:
    """Leave garbage alone for now, as long as there is room for it."""
    gc.set_threshold(_THRESHOLD)


def collect_new() -> None:
    """Collect the garbage among the newest objects, if there are many."""
    if gc.get_count()[0] >= _MANY:
        gc.collect(_NEW)


def freeze() -> None:
    """Exclude the objects that there are now from later collections."""
    gc.collect()
    gc.freeze()


class Garbage:
    """Collects garbage between judgements, but not all the time.

    ``is_busy`` tells whether a collection would hold up a job, and ``is_scanning``
    whether a scan goes on.
    """

    def __init__(
        self,
        is_busy: Callable[[], bool] = lambda: False,
        is_scanning: Callable[[], bool] = lambda: False,
    ) -> None:
        self._is_busy = is_busy
        self._is_scanning = is_scanning
        self._is_due = False
        self._delays = 0
        self._rested = 0.0

    def collect_soon(self) -> None:
        """Collect the garbage of a judgement soon."""
        if not self._is_due:
            self._is_due = True
            wait = max(_DELAY, self._rested - perf_counter())
            asyncio.get_running_loop().call_later(wait, self._collect)

    def _collect(self) -> None:
        self._delays += 1
        if self._delays < _MOST_DELAYS and self._is_busy():
            asyncio.get_running_loop().call_later(_DELAY, self._collect)
            return
        self._is_due = False
        self._delays = 0
        is_partial = self._is_scanning() and gc.get_count()[_ALL] < _MOST_PARTIAL
        started = perf_counter()
        gc.collect(_NEW if is_partial else _ALL)
        ended = perf_counter()
        self._rested = ended + (ended - started) * (1 / _SHARE - 1)
        if is_partial:
            self.collect_soon()  # the rest of it
