"""A folder that is held open, in which files are created and renamed with their attributes.

Anyone who can write to a linted repository can replace a folder by a link at any time.
So a folder is opened part by part, no link is followed on the way, and files are
created, renamed and removed relative to it.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
from contextlib import suppress
from operator import attrgetter

from tightship.engine.disk.regular import FOLDER, SAFE_FLAGS, open_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

# For reading and writing, so that the system decides whether writing is permitted.
_OLD: int = os.O_RDWR | SAFE_FLAGS
_NEW: int = os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE_FLAGS

# `os.replace` is not in the set, and is the same call as `os.rename`.
_BY_HANDLE = {os.open, os.stat, os.rename, os.unlink} <= os.supports_dir_fd

_RANDOM = 16  # digits at the end of a name of a temporary file
_COPY = ".old"
_DATED = attrgetter("st_size", "st_mtime_ns")
_LONGEST = 200  # bytes of a name; that of a temporary file may have 255


class Folder:
    """A folder below the root in which files are written; nothing can replace it.

    ``made`` holds the names of new files that are not in their places yet; a signal that
    ends the process removes them, and after a kill the next writer. All methods raise
    ``OSError``.
    """

    def __init__(self, root: str, name: str) -> None:
        """Open a folder below the root; links are not followed.

        If the system cannot open files relative to an open folder, its path is used.
        """
        end_by_exception()
        self.made: set[str] = set()
        self._handle: int | None = None
        self._lock = -1
        self._left: list[str] = []
        self._path = os.path.join(root, *name.split("/"))
        if _BY_HANDLE:
            self._handle = open_folder(root, name)
            self._enter(self._handle)

    def _enter(self, handle: int) -> None:
        """Lock the folder with its other writers; the first one notes what is left there.

        No writer that is alive has made it. Some file systems have no locks.
        """
        try:
            from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock

            self._lock = os.open(".", os.O_RDONLY | FOLDER, dir_fd=handle)
            with suppress(BlockingIOError):
                flock(self._lock, LOCK_EX | LOCK_NB)
                self._left = os.listdir(self._lock)
            flock(self._lock, LOCK_SH | LOCK_NB)
        except (ImportError, OSError):
            return

    def _at(self, name: str) -> str:
        return name if self._handle is not None else os.path.join(self._path, name)

    def existing(self, name: str) -> int:
        """Open a file for reading and writing; a link is not followed."""
        return self._open(name, _OLD)

    def new(self, last: str, *, is_copy: bool = False) -> tuple[str, int]:
        """Create a file next to another; return its name, and a handle for writing.

        :meth:`close` removes it, unless it was moved.
        """
        self._remove_left(last)
        name = beside(last) + _COPY * is_copy
        self.made.add(name)
        try:
            return name, self._open(name, _NEW)
        except FileExistsError:
            self.made.discard(name)
            raise

    def _remove_left(self, last: str) -> None:
        """Remove what a writer that was killed made next to a file.

        A copy stays unless the file is as it was: it may have the only old text.
        """
        first = beside(last)[:-_RANDOM]
        for name in self._left:
            is_copy = name.endswith(_COPY)
            if (
                not name.startswith(first)
                or len(name) - len(first) != _RANDOM + len(_COPY) * is_copy
            ):
                continue
            with suppress(OSError):
                one, now = self.status(name), self.status(last) if is_copy else None
                is_own = stat.S_ISREG(one.st_mode) and one.st_uid == os.geteuid()
                if is_own and (now is None or _DATED(now) == _DATED(one)):
                    os.unlink(name, dir_fd=self._handle)

    def _open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags, 0o600, dir_fd=self._handle)

    def status(self, name: str) -> os.stat_result:
        """Return the status of a file; a link is not followed."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def move(self, name: str, over: str) -> None:
        """Rename a new file, atomically."""
        at = self._handle
        os.replace(self._at(name), self._at(over), src_dir_fd=at, dst_dir_fd=at)
        self.made.discard(name)

    def sync(self) -> None:
        """Write the renames to the disk, if the system can.

        If that fails, one of the two whole texts is there after a power cut.
        """
        if self._handle is None:
            return
        with suppress(OSError):
            handle = os.open(".", os.O_RDONLY | FOLDER, dir_fd=self._handle)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def close(self) -> None:
        """Remove new files that were not moved; an interrupt leaves none of them."""
        try:
            self._remove()
        finally:
            self._remove()
            for handle in (self._handle, self._lock):
                if handle is not None and handle >= 0:
                    with suppress(OSError):
                        os.close(handle)
            self._handle, self._lock = None, -1

    def _remove(self) -> None:
        while self.made:
            name = next(iter(self.made))
            with suppress(OSError):
                os.unlink(self._at(name), dir_fd=self._handle)
            self.made.discard(name)


def beside(last: str) -> str:
    """Return an unpredictable name that discovery ignores."""
    if len(os.fsencode(last)) > _LONGEST:
        last = last[: _LONGEST // 4]
    return f".{last}.tightship-{os.urandom(_RANDOM // 2).hex()}"


def write(handle: int, data: bytes) -> None:
    """Write all data, however little the system accepts at a time."""
    left = memoryview(data)
    while left:
        written = os.write(handle, left)
        if written <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        left = left[written:]


def make_alike(handle: int, like: int) -> str | None:
    """Copy the attributes of an open file; return the one that cannot be copied.

    Only the outcome counts: a call may fail without need, or have no effect. The order
    matters: a change of owner removes setuid bits, and an access control list changes
    the mode.
    """
    wanted, made = os.fstat(like), os.fstat(handle)
    if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
        _try("fchown", handle, wanted.st_uid, wanted.st_gid)
    attributes, held = _attributes(like), _attributes(handle)
    for name in held.keys() - attributes.keys():  # from the default list of the folder
        _try("removexattr", handle, name)
    for name, value in attributes.items():
        if held.get(name) != value:
            _try("setxattr", handle, name, value)
    _try("fchmod", handle, stat.S_IMODE(wanted.st_mode))
    made = os.fstat(handle)
    for what, is_kept in (
        ("owner", made.st_uid == wanted.st_uid),
        ("group", made.st_gid == wanted.st_gid),
        ("extended attributes", _copied(handle) == _copied(like)),
        ("mode", made.st_mode == wanted.st_mode),
    ):
        if not is_kept:
            return what
    return None


def _try(call: str, handle: int, *values: object) -> None:
    """Make a call that some platforms lack, and some users may not make."""
    if hasattr(os, call):
        with suppress(OSError):
            getattr(os, call)(handle, *values)


def _attributes(handle: int) -> dict[str, bytes]:
    """Return the extended attributes of a file, access control lists among them."""
    attributes: dict[str, bytes] = {}
    if hasattr(os, "listxattr"):
        try:
            for name in os.listxattr(handle):
                attributes[name] = os.getxattr(handle, name)
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.ENODATA):
                raise
    return attributes


def _copied(handle: int) -> dict[str, bytes]:
    """Return the attributes that must be the same; the system sets security labels."""
    attributes = _attributes(handle)
    return {k: v for k, v in attributes.items() if not k.startswith("security.")}


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
