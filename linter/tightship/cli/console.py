"""The streams that a run writes to, and what can be shown on them."""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

_WIDTH = 100
_SIMPLER = {"…": "...", "–": "-"}


class UsageError(Exception):
    """The command line is invalid; the message says why."""


class OutputError(Exception):
    """The report could not be written; the message says why."""


class Output:
    """Standard output, with errors as the command line reports them.

    Characters outside the stream's encoding are written as simpler ones or as escapes. A
    reader that has gone raises :class:`BrokenPipeError`, any other failure
    :class:`OutputError`.
    """

    def __init__(self) -> None:
        self._stream = sys.stdout
        # Without standard output, Python has None here.
        reconfigure = getattr(self._stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
            # Windows would write `\r\r\n` for the line ends of a patch that has `\r\n`.
            if not is_terminal(self._stream):
                reconfigure(newline="")

    def write(self, text: str) -> None:
        """Write a text in one go."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        if not encoding.lower().startswith("utf") and not text.isascii():
            text = _encodable(text, encoding)
        self._try(lambda stream: stream.write(text))

    def close(self, text: str = "") -> None:
        """Write the last text, if there is one, and flush the stream, or raise."""
        if text:
            self.write(text)
        self._try(lambda stream: stream.flush())

    def is_colored(self, choice: str) -> bool:
        """Return whether to write colours: ``always``, ``never``, or ``auto``.

        ``auto`` means a terminal that is not dumb, unless ``NO_COLOR``, or else
        ``FORCE_COLOR`` or ``CLICOLOR_FORCE`` is set. An empty value sets none of them,
        and ``0`` does not set ``CLICOLOR_FORCE``: see no-color.org, force-color.org
        and bixense.com/clicolors.
        """
        if choice != "auto":
            return choice == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        if os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
            return True
        return obeys_escapes(self._stream)

    @property
    def columns(self) -> int:
        """Return the number of columns; 0 if it is unknown."""
        return terminal_columns(self._stream)

    @property
    def width(self) -> int:
        """Return the number of columns; 100 if it is unknown."""
        return self.columns or _WIDTH

    def _try(self, action: Callable[[TextIO], object]) -> None:
        if self._stream is None:
            return
        try:
            action(self._stream)
        except BrokenPipeError:
            raise
        except OSError as error:
            # What Windows says of a pipe that nobody reads any more.
            if os.name == "nt" and error.errno == errno.EINVAL:
                raise BrokenPipeError from None
            raise OutputError(error.strerror or str(error)) from None


def _encodable(text: str, encoding: str) -> str:
    """Return a text with simpler signs in place of those that an encoding lacks."""
    for sign, simpler in _SIMPLER.items():
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            text = text.replace(sign, simpler)
    return text


def obeys_escapes(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal that obeys escape sequences.

    Older consoles of Windows print them instead.
    """
    return is_terminal(stream) and (
        os.name != "nt" or "WT_SESSION" in os.environ or "TERM" in os.environ
    )


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a stream is a terminal that can move its cursor."""
    try:
        here = stream is not None and stream.isatty()
    except ValueError:  # The stream is closed.
        here = False
    return here and os.environ.get("TERM") != "dumb"


def terminal_columns(stream: TextIO | None) -> int:
    """Return the columns of a stream: those of ``COLUMNS``, or of the terminal; or 0."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns > 0:
        return columns
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream else 0
    except (AttributeError, OSError, ValueError):
        return 0


def print_error(message: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        print(f"tightship: {message}", file=sys.stderr, flush=True)
    except OSError:
        return  # The exit code is all that is left.


def drop_output() -> None:
    """Connect standard output to the null device: its reader has gone.

    Without this, the interpreter would flush again at exit, and print an error.
    """
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):
        pass
