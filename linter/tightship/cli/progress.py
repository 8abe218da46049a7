"""A line that shows the progress of a long run."""

from __future__ import annotations

from time import monotonic

from tightship.cli.console import is_terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from tightship.report.report import Summary

_DELAY, _PAUSE = 0.5, 0.1  # seconds


class Progress:
    """Shows a count on a terminal once a run takes longer than half a second."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if is_terminal(stream) else None
        self._next = monotonic() + _DELAY
        self._shown = 0
        self._total = 0

    def expect(self, files: int) -> None:
        """Set the number of files to check."""
        self._total = files

    def show(self, summary: Summary) -> None:
        """Show the counts so far, at most ten times a second."""
        if self._stream is None or monotonic() < self._next:
            return
        count = f"{summary.files}"
        # Files that others include count, too, and so there may be more than expected.
        if self._total >= summary.files:
            count += f" of {self._total}"
        text = f"{count} files, {summary.findings} findings ..."
        self._stream.write(f"\r{text.ljust(self._shown)}")
        self._stream.flush()
        self._shown = max(self._shown, len(text))
        self._next = monotonic() + _PAUSE

    def erase(self) -> None:
        """Remove the line, so that something else can be written."""
        if self._stream is not None and self._shown:
            self._stream.write(f"\r{' ' * self._shown}\r")
            self._stream.flush()
            self._shown = 0
