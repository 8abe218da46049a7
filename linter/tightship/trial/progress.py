"""Progress of a trial on standard error: the time, the starts, and the time that is left."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from tightship.report.terminal import brief

USUAL_STARTS = 4
"""How many starts of the project most trials take."""


class Progress:
    """Writes a line for each step."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._first: float | None = None
        self.starts = 0

    def say(self, text: str) -> None:
        """Write a line about what happens now."""
        spent = time.monotonic() - self._begin
        if self.starts == 1 and self._first is None:
            self._first = spent
        where = f"{spent:.0f} s" + (f", start {self.starts}" if self.starts else "")
        if sys.stderr is not None:
            with suppress(OSError):
                print(f"[{where}{self._left(spent)}] {brief(text)}", file=sys.stderr, flush=True)

    def _left(self, spent: float) -> str:
        """Return about how much time is left, by the starts until now."""
        if self._first is None or self.starts < 2:
            return ""
        each = (spent - self._first) / (self.starts - 1)
        left = each * (USUAL_STARTS - self.starts)
        return f", about {left:.0f} s left" if left >= 1 else ""
