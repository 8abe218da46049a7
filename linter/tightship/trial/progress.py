"""Progress of a trial on standard error: the time, the starts, and the time that is left."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.trial.run import Run

USUAL_STARTS = 4
"""How many starts of the project most trials take."""


class Progress:
    """Writes a line for each step; ``run`` is known once something starts."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self.run: Run | None = None

    def say(self, text: str) -> None:
        """Write a line about what happens now."""
        spent = time.monotonic() - self._begin
        starts = self.run.starts if self.run is not None else 0
        where = f"{spent:.0f} s" + (f", start {starts}" if starts else "")
        if sys.stderr is not None:
            with suppress(OSError):
                left = self._left(spent, starts)
                print(f"[{where}{left}] {brief(text, 200)}", file=sys.stderr, flush=True)

    def _left(self, spent: float, starts: int) -> str:
        """Return about how much time is left, by the starts until now."""
        if not starts:
            return ""
        left = spent / starts * (USUAL_STARTS - starts)
        return f", about {left:.0f} s left" if left >= 1 else ""
