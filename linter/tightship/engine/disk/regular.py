"""A regular file: its bytes and its text, or the reason why there are none.

A path may lead to a pipe, a device, or something without an end. Opening it must not
hang the run, and reading it must not fill the memory.
"""

from __future__ import annotations

import errno
import os
import stat
import sys

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from typing import BinaryIO, Literal

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
"""The size of the largest file that is read."""

_SHOWN = 160  # characters of a name that a message repeats
_CHUNK = 1 << 16

# Non-blocking, so that a pipe in the place of a file does not hang the run. Not every
# platform has all flags.
SAFE_FLAGS: int = (
    getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

FOLDER: int = getattr(os, "O_DIRECTORY", 0) | SAFE_FLAGS
PASSING: int = FOLDER | getattr(os, "O_PATH", os.O_RDONLY)  # search is enough
_BY_HANDLE = {os.open, os.stat} <= os.supports_dir_fd
PASSES = hasattr(os, "O_PATH")

# The reparse tag of a junction of Windows: a folder that leads elsewhere, as a link does.
_JUNCTION = 0xA0000003

_INVALID_NAME = 123  # Windows: a name with a sign that no name of a file can have

_SAVE = "save it as UTF-8"

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# The first four bytes of ASCII text, with 1 for each byte that is not NUL.
_UNMARKED = {
    b"\1\0\1\0": "UTF-16",
    b"\0\1\0\1": "UTF-16",
    b"\1\0\0\0": "UTF-32",
    b"\0\0\0\1": "UTF-32",
}

_LOST = regex(r"[\udc80-\udcff]")  # what surrogateescape makes of a byte
_MOST_LOST = 10_000


class Refusal:
    """The reason why a path gives no text.

    ``name`` is relative to the project root, with ``/``, or the path as given if that is
    outside. ``message`` is a sentence with the name, without a full stop.
    """

    def __init__(self, name: str, reason: Reason, what: str) -> None:
        """Reject a name; ``what`` continues the sentence that begins with it."""
        half = _SHOWN // 2
        shown = name if len(name) <= _SHOWN else f"{name[:half]}…{name[-half:]}"
        self.name = name
        self.reason: Reason = reason
        self.message = f"`{shown}` {what}"

    def __repr__(self) -> str:
        return f"Refusal({self.reason}: {self.message})"


class RefusedError(Exception):
    """A refusal without the name, which the caller knows."""

    def __init__(self, reason: Reason, what: str, target: str | None = None) -> None:
        """Store a reason.

        Args:
            reason: the reason as a keyword.
            what: continues the sentence that begins with the name.
            target: the path outside of the root that a link leads to, as the link has it.

        """
        super().__init__(what)
        self.reason: Reason = reason
        self.what = what
        self.target = target

    def about(self, name: str) -> Refusal:
        """Return the refusal of a name."""
        return Refusal(name, self.reason, self.what)


def read_regular(path: str, *, name: str | None = None, limit: int = MAX_BYTES) -> bytes | Refusal:
    """Return the bytes of a regular file; no link is followed on the way to an absolute path.

    ``name`` is the name in a refusal, by default the path.
    """
    try:
        if PASSES and os.path.isabs(path):
            return bytes_below(*os.path.split(path), limit)
        return bytes_of(path, limit)
    except RefusedError as refused:
        return refused.about(path if name is None else name)


def is_binary(path: str) -> bool:
    """Return whether a regular file of any size surely is no text: it has a NUL early on."""
    try:
        _check_regular(os.lstat(path), sys.maxsize)
        handle = os.open(path, os.O_RDONLY | SAFE_FLAGS)
        try:
            return b"\0" in os.read(handle, _CHUNK)
        finally:
            os.close(handle)
    except (OSError, ValueError, RefusedError):
        return False


def open_named(path: str) -> BinaryIO:
    """Open a file that the user names, of any size, to read it in parts; links are followed.

    Raises:
        RefusedError: if it is no regular file, or cannot be read.

    """
    try:
        _check_regular(os.stat(path), sys.maxsize)
        return open(path, "rb")
    except (OSError, ValueError) as error:
        raise failed(error) from None


def link_target(path: str) -> str | None:
    r"""Return where a link or a junction leads, or None for another kind of file.

    Windows writes targets with a prefix, ``\\?\``, which is removed.

    Raises:
        OSError: if there is no such path, or it cannot be looked at.

    """
    status = os.lstat(path)
    is_junction = getattr(status, "st_reparse_tag", 0) == _JUNCTION
    if not stat.S_ISLNK(status.st_mode) and not is_junction:
        return None
    target = os.readlink(path)
    if target.startswith("\\\\?\\UNC\\"):
        return "\\\\" + target[8:]
    return target.removeprefix("\\\\?\\")


def is_link(path: str) -> bool:
    """Return whether a path is a link or a junction; one that is missing is none."""
    try:
        return link_target(path) is not None
    except (OSError, ValueError):
        return False


def is_junction(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a junction of Windows, which counts as a folder."""
    if os.name != "nt":
        return False
    status = entry.stat(follow_symlinks=False)
    return getattr(status, "st_reparse_tag", 0) == _JUNCTION


def is_folder(path: str, *, name: str) -> bool | Refusal:
    """Return whether a path is a folder, and not a regular file; links are followed.

    This is for paths that the user gives; ``name`` is the name in a refusal.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return True
        _check_regular(status, MAX_BYTES)
    except (OSError, ValueError) as error:
        return failed(error).about(name)
    except RefusedError as refused:
        return refused.about(name)
    return False


def bytes_below(root: str, name: str, limit: int) -> bytes:
    """Return the content of a regular file below a root; no link is followed.

    Anyone who can write to the repository can replace a folder by a link at any time,
    even the root, so folders are opened one by one, and the file in the last of them.

    Raises:
        RefusedError: as for :func:`bytes_of`.

    """
    folder, _, last = name.rpartition("/")
    if not _BY_HANDLE or not name:
        return bytes_of(os.path.join(root, name), limit)
    try:
        handle = open_folder(root, folder)
    except (OSError, ValueError) as error:
        raise failed(error) from None
    try:
        return bytes_of(last, limit, folder=handle)
    finally:
        os.close(handle)


def open_folder(root: str, name: str, flags: int = PASSING) -> int:
    """Open a folder below the root, a path without links; raises ``OSError``.

    No link is followed. Where a folder cannot be opened without being read, the folders
    above the root are not opened one by one: some may only be passed.
    """
    parts = [*filter(None, name.split("/"))]
    if PASSES and os.path.isabs(root):
        full = f"{root}/{name}" if name else root
        handle = os.open(full, flags)
        if _is_at(handle, full):
            return handle
        os.close(handle)
        parts, root = [*filter(None, full.split("/"))], "/"
    handle = os.open(root, PASSING if parts else flags)
    while parts:
        part = parts.pop(0)
        try:
            below = os.open(part, PASSING if parts else flags, dir_fd=handle)
        finally:
            os.close(handle)
        handle = below
    return handle


def _is_at(handle: int, path: str) -> bool:
    """Return whether Linux says that an open folder has a path; no link has led to it then."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}") == path
    except OSError:
        return False


def bytes_of(path: str, limit: int, *, folder: int | None = None) -> bytes:
    """Return the content of a regular file, if it is not larger than the limit.

    With ``folder``, the handle of an open folder, the path is relative to that.

    Raises:
        RefusedError: if it is another kind of file, is larger, or cannot be read.

    """
    try:
        # Checked before opening, which may already have an effect on a device.
        _check_regular(os.lstat(path, dir_fd=folder), limit)
        handle = os.open(path, os.O_RDONLY | SAFE_FLAGS, dir_fd=folder)
        try:
            # Checked again, since another file may have replaced it.
            size = _check_regular(os.fstat(handle), limit)
            left = limit + 1
            pieces: list[bytes] = []
            while left > 0:
                piece = os.read(handle, min(left, max(size + 1, _CHUNK)))
                pieces.append(piece)
                left -= len(piece)
                if not piece or 0 < size == len(piece) == limit + 1 - left:  # all of it
                    break
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
    """Return the error for a file that is larger than a limit."""
    what = f"is larger than {limit / 1_000_000:g} MB, so it is not read"
    return RefusedError("too-large", what)


def failed(error: OSError | ValueError) -> RefusedError:
    """Return the reason of an error from the system or from Python."""
    if isinstance(error, ValueError):  # a NUL, or what the file system cannot encode
        return RefusedError("missing", "cannot be the name of a file")
    is_invalid = getattr(error, "winerror", None) == _INVALID_NAME
    if is_invalid or error.errno in (errno.ENOENT, errno.ENOTDIR):
        return RefusedError("missing", "does not exist")
    why = os.strerror(error.errno) if error.errno else "unknown error"
    return RefusedError("not-readable", f"cannot be read: {why.lower()}")


class UndecodedError(Exception):
    """Bytes are not text; the message continues a sentence that begins with the name."""


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file with its byte order mark, and the codec.

    Compose decodes UTF-8, and UTF-16 with a byte order mark.

    Raises:
        UndecodedError: if the bytes are neither.

    """
    codec = _codec(data)
    if codec == "UTF-32":
        raise UndecodedError(f"is UTF-32, which Compose does not read: {_SAVE}")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start
        if codec == "utf-8":
            line = data.count(b"\n", 0, at) + 1
            what = f"is not UTF-8: byte 0x{data[at]:02X} at offset {at}, line {line}"
        else:
            what = f"is broken UTF-16 at byte offset {at}"
        raise UndecodedError(f"{what}; {_SAVE}") from None
    if codec != "utf-8" and "\0" in text:
        raise UndecodedError(binary(2 * text.index("\0")))
    return text, codec


def checked(text: str) -> str:
    """Return the text of a buffer; raise RefusedError if a file with it would not be read."""
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as error:
        raise RefusedError(
            "not-text", f"has half a surrogate pair at character {error.start}"
        ) from None
    if size > MAX_BYTES:
        raise too_large(MAX_BYTES)
    if "\0" in text:
        raise RefusedError("not-text", binary(text.index("\0")))
    return text


def decoded_for_buildkit(data: bytes) -> tuple[str, tuple[int, ...]]:
    """Return the text of a Dockerfile with its byte order mark, and the invalid offsets.

    BuildKit reads UTF-8 alone, but accepts invalid bytes: each becomes U+FFFD here
    (verified with BuildKit 0.25.2).

    Raises:
        UndecodedError: if BuildKit would find no instruction, or too much is invalid.

    """
    codec = _codec(data)
    if codec != "utf-8":
        family = codec[:6].upper()
        raise UndecodedError(f"is {family}, which BuildKit does not read: {_SAVE}")
    text = data.decode(codec, "surrogateescape")
    lost = tuple(match.start() for match in _LOST.finditer(text))
    if len(lost) > _MOST_LOST:
        raise UndecodedError(f"has {len(lost):,} bytes that are not UTF-8; {_SAVE}")
    return _LOST.sub("\ufffd", text), lost


def binary(offset: int) -> str:
    """Return the message about a NUL."""
    return f"is not text: it has a NUL at byte offset {offset}"


def _codec(data: bytes) -> str:
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    if codec == "utf-8" and b"\0" in data:
        family = _UNMARKED.get(bytes(map(bool, data[:4])))
        if family is None:
            raise UndecodedError(binary(data.index(b"\0")))
        raise UndecodedError(f"looks like {family} without a byte order mark: {_SAVE}")
    return codec
