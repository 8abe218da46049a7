"""Where a file is made: beside another one, in a folder that is held open.

Whoever can write to a repository that is linted can put a link in the place of a folder
between two looks at it. So a folder is opened part by part, no link is followed on the
way, and what is made, renamed and removed is named from there on.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress

_SAFE: int = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
# Opened for both, so that it is the system that tells whether we may write.
_OLD: int = os.O_RDWR | _SAFE
_NEW: int = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE
_FOLDER: int = getattr(os, "O_DIRECTORY", 0) | _SAFE
_PASSING: int = _FOLDER | getattr(os, "O_PATH", os.O_RDONLY)  # search is enough

# `os.replace` is not listed, and is the same call as `os.rename`.
_BY_HANDLE = {os.open, os.stat, os.rename, os.unlink} <= os.supports_dir_fd

_LONGEST = 200  # bytes of a name, of the 255 that a temporary file's may have


class Folder:
    """A folder below the root, held open so that nothing can take its place.

    ``made`` holds the names of the files that were made in it and have found no place.
    Its methods raise ``OSError``.
    """

    __slots__ = ("_handle", "_path", "made")

    def __init__(self, root: str, name: str) -> None:
        """Open the folder of that name below the root; links are not followed.

        Where the system opens no file in a folder that is held open, only its path is
        kept.
        """
        self.made: set[str] = set()
        self._handle: int | None = None
        self._path = os.path.join(root, *name.split("/"))
        if _BY_HANDLE:
            self._handle = _opened(root, name)

    def _at(self, name: str) -> str:
        return name if self._handle is not None else os.path.join(self._path, name)

    def existing(self, name: str) -> int:
        """Open a file for both reading and writing; a link is not followed."""
        return self._open(name, _OLD)

    def new(self, last: str) -> tuple[str, int]:
        """Begin a file beside another; return its name, and it opened for writing.

        It is gone with the folder's :meth:`close`, unless it is moved before.
        """
        name = beside(last)
        self.made.add(name)
        try:
            return name, self._open(name, _NEW)
        except FileExistsError:
            self.made.discard(name)
            raise

    def _open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags, 0o600, dir_fd=self._handle)

    def status(self, name: str) -> os.stat_result:
        """Return what the name is, a link itself and not where it leads."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def move(self, name: str, over: str) -> None:
        """Rename a file that was made here, in one step."""
        at = self._handle
        os.replace(self._at(name), self._at(over), src_dir_fd=at, dst_dir_fd=at)
        self.made.discard(name)

    def sync(self) -> None:
        """Bring the renames to the disk, where the system can.

        Should that fail, either text is there whole after a power cut.
        """
        if self._handle is None:
            return
        with suppress(OSError):
            handle = os.open(".", os.O_RDONLY | _FOLDER, dir_fd=self._handle)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def close(self) -> None:
        """Remove what was made here and has found no place."""
        for name in self.made:
            with suppress(OSError):
                os.unlink(self._at(name), dir_fd=self._handle)
        if self._handle is not None:
            with suppress(OSError):
                os.close(self._handle)


def _opened(root: str, name: str) -> int:
    """Open a folder below the root, following no link."""
    handle = os.open(root, _PASSING)
    for part in filter(None, name.split("/")):
        try:
            below = os.open(part, _PASSING, dir_fd=handle)
        finally:
            with suppress(OSError):
                os.close(handle)
        handle = below
    return handle


def beside(last: str) -> str:
    """Return a name that no one can foresee, and that discovery passes over."""
    if len(os.fsencode(last)) > _LONGEST:
        last = last[: _LONGEST // 4]
    return f".{last}.tightship-{os.urandom(8).hex()}"


def write(handle: int, data: bytes) -> None:
    """Write all of it, however little the system takes at a time."""
    left = memoryview(data)
    while left:
        written = os.write(handle, left)
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        left = left[written:]
