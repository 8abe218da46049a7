"""SIGTERM and SIGHUP, which end a process that writes as Ctrl-C does: it removes new files."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = ("SIGTERM", "SIGHUP")


def end_by_exception() -> None:
    """Let these signals raise :class:`SystemExit`, unless the program has its own handlers.

    Their default ends a process at once, and would leave a file that is half written.
    The exit code is 128 and the number of the signal, as in shells.
    """
    for name in _SIGNALS:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(ValueError):  # outside of the main thread
                signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
