"""A file that a run writes, such as a report: whole, or not at all.

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
from contextlib import suppress

from tightship.engine.disk.file_attributes import make_alike
from tightship.engine.disk.folder import Folder, write
from tightship.engine.disk.root import real_path


class UnwritableError(Exception):
    """A file cannot be written; the message has the path and the reason."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"`{path}`: {why}")


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
        folder, self._last = os.path.split(os.path.abspath(path))
        try:
            if path.endswith(("/", os.sep)):
                raise IsADirectoryError(errno.EISDIR, "")
            self._folder = Folder(real_path(folder), "")
            self._made = self._begin(self._folder)
        except OSError as error:
            self.discard()
            raise self._failed(error) from None
        except UnwritableError:
            self.discard()
            raise

    def write(self, text: str) -> None:
        """Write the next piece; lone surrogates are escaped."""
        try:
            write(self._handle, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            self.discard()
            raise self._failed(error) from None

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


def _open_to_others(handle: int) -> None:
    """Give a new file the usual mode, by the umask."""
    if hasattr(os, "fchmod"):
        mask = os.umask(0o077)  # Reading the umask is only possible by setting it.
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
