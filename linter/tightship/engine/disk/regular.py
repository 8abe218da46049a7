"""A regular file: its bytes, or the reason why there are none.

In the place of a file there may be a pipe, a device, or something without an end. What
is opened does not hang the run, and what is read does not fill the memory.
"""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Reason = Literal[
        "missing",
        "not-readable",
        "outside-root",
        "not-regular",
        "directory",
        "too-large",
        "not-text",
    ]

MAX_BYTES = 10_000_000
"""No file larger than this is read."""

_SHOWN = 160  # characters of a name that a message repeats
_CHUNK = 1 << 16

# Non-blocking, so that a pipe put in the place of a file does not hang the run. The
# names are not there on every platform.
_FLAGS: int = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Refusal:
    """Why a path gives no text.

    ``name`` is relative to the project root, with ``/``, where the path is below it,
    and else the path as it was asked for. ``message`` is a sentence without a full
    stop that repeats the name.
    """

    __slots__ = ("message", "name", "reason")

    def __init__(self, name: str, reason: Reason, what: str) -> None:
        """Refuse a name; ``what`` is the rest of the sentence that it begins."""
        half = _SHOWN // 2
        shown = name if len(name) <= _SHOWN else f"{name[:half]}…{name[-half:]}"
        self.name = name
        self.reason: Reason = reason
        self.message = f"`{shown}` {what}"

    def __repr__(self) -> str:
        return f"Refusal({self.reason}: {self.message})"


class RefusedError(Exception):
    """Carries the reason for a refusal up to where the name is known."""

    def __init__(self, reason: Reason, what: str) -> None:
        """Hold a reason; ``what`` is the rest of the sentence about the name."""
        super().__init__(what)
        self.reason: Reason = reason
        self.what = what


def read_regular(
    path: str, *, name: str | None = None, limit: int = MAX_BYTES
) -> bytes | Refusal:
    """Return the bytes of a regular file; its last part may not be a link.

    ``name`` is what a refusal calls it, the path if not given.
    """
    try:
        return bytes_of(path, limit)
    except RefusedError as refused:
        return Refusal(path if name is None else name, refused.reason, refused.what)


def is_folder(path: str, *, name: str) -> bool | Refusal:
    """Tell a folder (True) from a regular file (False); links are followed.

    This is for paths that the user gives; ``name`` is what a refusal calls it.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return True
        _check_regular(status, MAX_BYTES)
    except (OSError, ValueError) as error:
        refused = failed(error)
    except RefusedError as error:
        refused = error
    else:
        return False
    return Refusal(name, refused.reason, refused.what)


def folder_refused(name: str, error: OSError) -> Refusal:
    """Return why the system does not list a folder."""
    refused = failed(error)
    return Refusal(name, refused.reason, refused.what)


def bytes_of(path: str, limit: int) -> bytes:
    """Return what a regular file holds, if it is not more than the limit.

    Raises:
        RefusedError: if it is none, is larger, or cannot be read.

    """
    try:
        # Looked at first, since opening a device may already do something.
        _check_regular(os.lstat(path), limit)
        handle = os.open(path, _FLAGS)
        try:
            # Looked at again, since another file may have taken its place.
            size = _check_regular(os.fstat(handle), limit)
            pieces, left = list[bytes](), limit + 1
            while left > 0:
                piece = os.read(handle, min(left, max(size + 1, _CHUNK)))
                if not piece:
                    break
                pieces.append(piece)
                left -= len(piece)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise failed(error) from None
    if left <= 0:  # it grew, or has no size of its own, as in /proc
        raise too_large(limit)
    return b"".join(pieces)


_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


def _check_regular(status: os.stat_result, limit: int) -> int:
    mode = status.st_mode
    if stat.S_ISDIR(mode):
        raise RefusedError("directory", "is a directory, not a file")
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "a special file")
        raise RefusedError("not-regular", f"is {kind}, not a regular file")
    if status.st_size > limit:
        raise too_large(limit)
    return status.st_size


def too_large(limit: int) -> RefusedError:
    """Return why a file of more bytes is not read."""
    what = f"is larger than {limit / 1_000_000:g} MB, so it is not read"
    return RefusedError("too-large", what)


def failed(error: OSError | ValueError) -> RefusedError:
    """Return why the system, or Python, gives no file."""
    if isinstance(error, ValueError):  # a NUL, or what the file system cannot encode
        return RefusedError("missing", "cannot be the name of a file")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return RefusedError("missing", "does not exist")
    why = os.strerror(error.errno) if error.errno else "unknown error"
    return RefusedError("not-readable", f"cannot be read: {why.lower()}")
