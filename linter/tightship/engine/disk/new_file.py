"""A file that a run writes, such as a report: whole, or not at all; and a private folder.

The text is written to a file next to its place, and a rename puts it there when it is
complete. A run that fails changes nothing.

The user chooses the place, anywhere on the disk, but not the file that is there: in a
linted repository, `report.json` may be a link to another file of the user. So a link is
refused, and so is everything else that is not a regular file.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress

from tightship.engine.disk.folder import Folder, make_alike, write
from tightship.engine.disk.given import look_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


_USUAL = ("/tmp", "/var/tmp", "/usr/tmp")


class UnwritableError(Exception):
    """A file cannot be written; the message has the path and the reason."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"`{path}`: {why}")


class ForbiddenError(UnwritableError):
    """A file is not written to a place, whatever the system permits."""


class NewFile:
    """A new file, written piece by piece as UTF-8."""

    def __init__(self, path: str) -> None:
        """Prepare to write a file, in place of the one that is there, if any.

        Raises:
            UnwritableError: if it cannot be written.

        """
        self._path = path
        self._handle = -1
        self._folder: Folder | None = None
        try:
            if path.endswith(("/", os.sep)):
                raise IsADirectoryError(errno.EISDIR, "")
            folder, self._last = place_of(path)
            self._folder = Folder(folder, "")
            self._made = self._begin(self._folder)
        except BaseException as error:
            self.discard()
            if isinstance(error, OSError):
                raise self._failed(error) from None
            raise

    def write(self, text: str) -> None:
        """Write the next piece; lone surrogates are escaped."""
        try:
            write(self._handle, text.encode("utf-8", "backslashreplace"))
        except BaseException as error:
            self.discard()
            if isinstance(error, OSError):
                raise self._failed(error) from None
            raise

    def finish(self) -> None:
        """Put the file in its place."""
        folder = self._folder
        if folder is None:
            return
        try:
            os.fsync(self._handle)
            handle, self._handle = self._handle, -1
            os.close(handle)
            folder.move(self._made, self._last)
            folder.sync()
        except OSError as error:
            raise self._failed(error) from None
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove the file, unless it is in its place."""
        if self._handle >= 0:
            with suppress(OSError):
                os.close(self._handle)
            self._handle = -1
        if self._folder is not None:
            self._folder.close()
            self._folder = None

    def _begin(self, folder: Folder) -> str:
        old = self._old(folder)
        try:
            name, self._handle = folder.new(self._last)
            if old < 0:
                _open_to_others(self._handle)
                return name
            lost = make_alike(self._handle, old)
            if lost is not None:
                why = f"a new file cannot have the {lost} of the one that is there"
                raise UnwritableError(self._path, why)
            return name
        finally:
            if old >= 0:
                os.close(old)

    def _old(self, folder: Folder) -> int:
        """Open the file that is there now; return its handle, or -1 for none."""
        try:
            status = folder.status(self._last)
        except FileNotFoundError:
            return -1
        if not stat.S_ISREG(status.st_mode):
            is_link = stat.S_ISLNK(status.st_mode)
            what = "a link, which is not followed" if is_link else "not a regular file"
            raise UnwritableError(self._path, f"it is {what}")
        return folder.existing(self._last)

    def _failed(self, error: OSError) -> UnwritableError:
        why = os.strerror(error.errno) if error.errno else str(error)
        return UnwritableError(self._path, why.lower())


def place_of(path: str) -> tuple[str, str]:
    """Return the folder of a new file, without links, and its name there.

    Git obeys the files in its folder. A link in the path may be the linted repository's: it
    may lead there, or out of the repository.

    Raises:
        ForbiddenError: if nothing may be written there.

    """
    folder, name = os.path.split(os.path.abspath(path))
    given = look_up(folder)
    if given.refusal is not None:
        why = "a link in it leads out of its Git repository: name the folder itself"
        raise ForbiddenError(path, why)
    if ".git" in os.path.join(given.real, name).lower().split(os.sep):
        why = "it is in a folder `.git`, whose files Git obeys: name another file"
        raise ForbiddenError(path, why)
    return given.real, name


def _open_to_others(handle: int) -> None:
    """Give a new file the usual mode, by the umask."""
    if hasattr(os, "fchmod"):
        mask = os.umask(0o077)  # Reading the umask is only possible by setting it.
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)


class TemporaryFolder:
    """A folder that only the user can read, removed with all that is in it.

    It is removed by :meth:`remove`, and at the end of the process at the latest.
    """

    def __init__(self, texts: Sequence[str] = ()) -> None:
        """Make the folder, and write texts to files, named by their number.

        Raises:
            OSError: if there is no folder for temporary files.

        """
        if _is_last_resort(tempfile.gettempdir()):
            raise OSError("there is no folder for temporary files")
        self._folder = tempfile.TemporaryDirectory(prefix="tightship-", ignore_cleanup_errors=True)
        self.path = self._folder.name
        self.paths = [self.write(str(at), text) for at, text in enumerate(texts)]

    def write(self, name: str, text: str) -> str:
        """Write a text to a new file, and return its path.

        Raises:
            OSError: if it cannot be written.

        """
        path = os.path.join(self.path, name)
        with open(path, "xb") as file:
            file.write(text.encode("utf-8", "replace"))
        return path

    def remove(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


def _is_last_resort(folder: str) -> bool:
    """Return whether it is the current folder, in the absence of a usual one.

    Python takes that if it can write nowhere else; but it may be a project.
    """
    here = os.path.realpath(os.curdir)
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    usual = [os.path.realpath(one) for one in (*named, *_USUAL) if one]
    return os.path.realpath(folder) == here and here not in usual
