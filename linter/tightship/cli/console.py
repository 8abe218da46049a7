"""The streams that a run writes to, and what can be shown on them."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_WIDTH = 100


class UsageError(Exception):
    """What was asked for makes no sense; the message says why."""


class OutputError(Exception):
    """The report could not be written; the message says why."""


class Output:
    """Standard output, as a report needs it.

    A character that the stream's encoding lacks is written as an escape. A reader that
    goes away raises :class:`BrokenPipeError`, any other trouble :class:`OutputError`.
    """

    __slots__ = ("_stream",)

    def __init__(self) -> None:
        self._stream = sys.stdout
        # Pythons started without standard output have None here.
        reconfigure = getattr(self._stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")

    def write(self, text: str) -> None:
        """Write a text in one go."""
        self._try(lambda stream: stream.write(text))

    def close(self) -> None:
        """See to it that all is written, or raise."""
        self._try(lambda stream: stream.flush())

    def is_colored(self, choice: str) -> bool:
        """Tell whether to paint: ``always``, ``never``, or ``auto`` by what is there.

        By itself it is painted on a terminal that is not dumb. ``NO_COLOR`` and
        ``FORCE_COLOR`` count where they are not empty, in this order.
        """
        if choice != "auto":
            return choice == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return is_terminal(self._stream) and (
            # Older consoles of Windows show the sequences instead of obeying them.
            os.name != "nt" or "WT_SESSION" in os.environ or "TERM" in os.environ
        )

    @property
    def width(self) -> int:
        """Return how many columns there are; 100 where nobody can tell."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _WIDTH
        except (AttributeError, OSError, ValueError):
            return _WIDTH

    def _try(self, action: Callable[[TextIO], object]) -> None:
        if self._stream is None:
            return
        try:
            action(self._stream)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(error.strerror or str(error)) from None


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person looks at a stream, through a terminal that can move."""
    try:
        here = stream is not None and stream.isatty()
    except ValueError:  # It is closed.
        here = False
    return here and os.environ.get("TERM") != "dumb"


def complain(message: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        print(f"tightship: {message}", file=sys.stderr, flush=True)
    except OSError:
        return  # Nobody can be told, but the exit code tells.


def mute() -> None:
    """Send what is still to be written to nowhere: its reader is gone.

    Without it the interpreter would try again when it ends, and complain.
    """
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        pass
