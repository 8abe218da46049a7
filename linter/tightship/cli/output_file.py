"""A file that a run writes, with errors as the command line reports them."""

from __future__ import annotations

import os

from tightship.cli.console import OutputError
from tightship.engine.disk.new_file import NewFile, UnwritableError
from tightship.engine.disk.root import real_path
from tightship.engine.plan.tracked import refused_link
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")


class OutputFile:
    """A new file, in its place once it is finished; errors are :class:`OutputError`."""

    def __init__(self, path: str) -> None:
        why = _refusal(path)
        if why is not None:
            raise OutputError(brief(f"`{path}`: {why}"))
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

    """
    file = OutputFile(path)
    file.write(text)
    file.finish()


def _refusal(path: str) -> str | None:
    """Return why a path is not written: a linted repository has a link in it.

    It would lead out of the repository, or into its folder `.git`, where Git finds
    programs that it starts.
    """
    full = os.path.abspath(path)
    folder = os.path.dirname(full)
    if refused_link(folder) is not None:
        return "a link in it leads out of its Git repository: name the folder itself"
    leads = real_path(folder).lower().split(os.sep)
    if ".git" in leads and ".git" not in folder.lower().split(os.sep):
        return "a link in it leads into a folder `.git`: name another folder"
    return None


def _checked(action: Callable[[], T]) -> T:
    try:
        return action()
    except UnwritableError as error:
        raise OutputError(brief(str(error))) from None
