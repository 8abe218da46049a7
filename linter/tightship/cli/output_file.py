"""A file that a run writes, with errors as the command line reports them."""

from __future__ import annotations

from tightship.cli.console import OutputError, UsageError
from tightship.engine.disk.new_file import ForbiddenError, NewFile, UnwritableError
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class OutputFile:
    """A new file, in its place once it is finished; errors are those of the command line."""

    def __init__(self, path: str) -> None:
        self._file = _checked(lambda: NewFile(path))

    def write(self, text: str) -> None:
        """Write the next piece."""
        _checked(lambda: self._file.write(text))

    def finish(self) -> None:
        """Put the file in its place."""
        _checked(self._file.finish)

    def discard(self) -> None:
        """Remove the file, unless it is finished."""
        self._file.discard()


def write_file(path: str, text: str) -> None:
    """Write a whole file.

    Raises:
        OutputError: if it cannot be written.
        UsageError: if nothing is written to such a place.

    """
    file = OutputFile(path)
    try:
        file.write(text)
        file.finish()
    finally:
        file.discard()


def _checked(action: Callable[[], T]) -> T:
    try:
        return action()
    except ForbiddenError as error:
        raise UsageError(brief(str(error))) from None
    except UnwritableError as error:
        raise OutputError(brief(str(error))) from None
