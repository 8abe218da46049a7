"""The only writer of linted files: replaces texts, or returns the reasons why not.

A text is written to a new file next to the old one, and a rename puts it in its place:
at any time, the name leads to the whole old or the whole new text. All files are
prepared before the first is renamed, so that a full disk changes none of them.

The linted repository is untrusted, and others may work in it at the same time. Folders
are opened part by part below the project root, and no link is followed. A file that has
changed since it was read is left alone.

Two kinds of files are refused. One with several hard links: a rename would separate it
from its other names, and a write in place is not atomic and would change a file that
may be outside the project. And one whose owner, group, mode or access control list a
new file cannot have: a fix must not change who may read it.

Where Python lacks the calls, extended attributes are not copied (macOS), and a link that
appears between the last check and the rename is not noticed (Windows); the rename
replaces that link, and never writes through it.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import ExitStack
from operator import attrgetter

from tightship.engine.disk.folder import Folder, make_alike, write
from tightship.engine.disk.regular import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from tightship.engine.disk.files import Files
    from tightship.text import Source

    Reason = Literal[
        "no-file",
        "outside-root",
        "missing",
        "not-regular",
        "hard-linked",
        "changed",
        "conflict",
        "not-text",
        "read-only",
        "not-kept",
        "not-written",
        "not-restored",
    ]

_READ_ONLY = (errno.EACCES, errno.EPERM, errno.EROFS)
_LINK = (errno.ELOOP, errno.EMLINK)  # errors of O_NOFOLLOW: Linux and macOS, FreeBSD


_STATE = attrgetter(
    *("st_dev", "st_ino", "st_mode", "st_nlink"), *("st_uid", "st_gid", "st_size", "st_mtime_ns")
)


class Refused:
    """The reason why a file was not written or, with ``not-restored``, not restored.

    ``message`` is a sentence with the name, without a full stop.
    """

    def __init__(self, name: str, reason: Reason, what: str) -> None:
        """Reject a name; ``what`` continues the sentence that begins with it."""
        self.name = name
        self.reason: Reason = reason
        self.message = Refusal(name, "not-readable", what).message


class _NotWrittenError(Exception):
    """A refusal without the name, which the caller knows."""

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason: Reason = reason

    def about(self, name: str) -> Refused:
        return Refused(name, self.reason, str(self))


def write_all(files: Files, changes: Mapping[str, tuple[Source, str]]) -> list[Refused]:
    """Replace the texts of files that were read, all or none.

    Line ends, encoding and byte order mark are kept; a link stays a link, and its target
    below the root is written. Errors of the disk raise nothing.

    Args:
        files: the files that the sources were read from.
        changes: by name, the source that was read, and its new text.

    Returns:
        Nothing if all are written. Else the reasons; then each file is as it was,
        except those refused as ``not-restored``: they have their new text.

    """
    batch = _Batch(files)
    try:
        refused: list[Refused] = []
        for source, text in changes.values():
            try:
                batch.prepare(source, text)
            except _NotWrittenError as error:
                refused.append(error.about(source.name))
        return refused or batch.swap()
    finally:
        batch.close()


class _Batch:
    """The files of one call."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._folders: dict[str, Folder] = {}
        self._ready: list[_Replacement] = []
        self._texts: dict[tuple[int, int], bytes] = {}

    def prepare(self, source: Source, text: str) -> None:
        if source.lost:
            raise _NotWrittenError("not-text", "has bytes that are not UTF-8")
        real = self._files.place(source.name)
        if real is None:
            raise _NotWrittenError("no-file", "is not read from the disk")
        if isinstance(real, Refusal):
            raise _gone(real)
        folder, _, last = real.rpartition("/")
        try:
            old = self._files.encode(source, source.text)
            new = self._files.encode(source, text)
            if folder not in self._folders:
                self._folders[folder] = Folder(self._files.root, folder)
            made = _Replacement(source.name, self._folders[folder], last)
            if self._is_new(made, new):
                made.prepare(old, new)
                self._ready.append(made)
        except UnicodeEncodeError as error:
            what = f"would have half a surrogate pair at character {error.start}"
            raise _NotWrittenError("not-text", what) from None
        except OSError as error:
            raise _failed(error) from None

    def _is_new(self, made: _Replacement, new: bytes) -> bool:
        """Return whether no other name of the same file is in the batch."""
        place = made.before.st_dev, made.before.st_ino
        if self._texts.get(place, new) != new:
            raise _NotWrittenError("conflict", "has another name, and two new texts")
        known, self._texts[place] = place in self._texts, new
        return not known

    def swap(self) -> list[Refused]:
        """Rename all files to their places; if one fails, restore those before it."""
        pending = self._ready[::-1]
        refused: list[Refused] = []
        try:
            while pending:
                pending[-1].swap()
                pending.pop()
        except _NotWrittenError as error:
            refused.append(error.about(pending[-1].name))
        finally:
            if pending:  # after an interrupt as well
                for made in reversed(self._ready):
                    refused += made.restore()
        return refused

    def close(self) -> None:
        """Remove the new files that are not in their places, after an interrupt as well."""
        with ExitStack() as every:
            for folder in self._folders.values():
                every.callback(folder.close)


class _Replacement:
    """A file, and the new file next to it that replaces it."""

    def __init__(self, name: str, folder: Folder, last: str) -> None:
        """Check a file; ``name`` is its name in a refusal."""
        self.name = name
        self._folder = folder
        self._last = last
        self._ready = self._kept = ""
        self._new: os.stat_result | None = None
        self.before = folder.status(last)
        _check(self.before)

    def prepare(self, old: bytes, new: bytes) -> None:
        """Check that the file has not changed, and write the new file.

        A copy of the old one is written as well, since the disk may be full when it has
        to be restored.
        """
        handle = self._folder.existing(self._last)
        try:
            is_same = _is_same(os.fstat(handle), self.before)
            if not is_same or _content(handle, len(old) + 1) != old:
                raise _changed()
            if new == old:
                return
            self._ready = _new_file(self._folder, self._last, new, handle)
            self._new = self._folder.status(self._ready)
            self._kept = _new_file(self._folder, self._last, old, handle, dated=True)
        finally:
            os.close(handle)

    def swap(self) -> None:
        """Put the new text in place."""
        if not self._ready:
            return
        try:
            if not _is_same(self._folder.status(self._last), self.before):
                raise _changed()
            self._folder.move(self._ready, self._last)
        except OSError as error:
            raise _failed(error) from None
        self._folder.sync()

    def restore(self) -> list[Refused]:
        """Put the old text back, if the new one is in place."""
        if self._new is None:
            return []
        try:
            now = self._folder.status(self._last)
            if not os.path.samestat(now, self._new):
                return []
            if not _is_same(now, self._new):
                raise _changed()
            self._folder.move(self._kept, self._last)
        except (OSError, _NotWrittenError):
            self._folder.made.discard(self._kept)
            where = f"its old text is next to it, in `{self._kept}`"
            what = f"has its new text, and could not be set back: {where}"
            return [Refused(self.name, "not-restored", what)]
        self._folder.sync()
        return []


def _new_file(folder: Folder, last: str, data: bytes, like: int, *, dated: bool = False) -> str:
    """Write a file with the attributes of another next to it; return its name.

    It is synced to the disk. With ``dated``, it has the same times as well.
    """
    try:
        name, handle = folder.new(last, is_copy=dated)
    except OSError as error:
        raise _failed(error, "is in a folder that cannot be written") from None
    try:
        write(handle, data)
        lost = make_alike(handle, like)
        if lost is not None:
            what = f"cannot be written: a new file cannot have its {lost}"
            raise _NotWrittenError("not-kept", what)
        if dated and os.utime in os.supports_fd:
            status = os.fstat(like)
            os.utime(handle, ns=(status.st_atime_ns, status.st_mtime_ns))
        os.fsync(handle)
    finally:
        os.close(handle)
    return name


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise _NotWrittenError("not-regular", "is no longer a regular file")
    if status.st_nlink > 1:
        what = "has several hard links, and writing it would part them"
        raise _NotWrittenError("hard-linked", what)


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    """Return whether two states of a file are the same."""
    return bool(_STATE(one) == _STATE(other))


def _content(handle: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    while limit > 0 and (piece := os.read(handle, limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _changed() -> _NotWrittenError:
    return _NotWrittenError("changed", "has changed since it was read: not written")


def _gone(refusal: Refusal) -> _NotWrittenError:
    """Return the reason why a file that was read is gone."""
    if refusal.reason == "outside-root":
        what = "is a link that leaves the project root, so it is not written"
        return _NotWrittenError("outside-root", what)
    if refusal.reason == "not-readable":
        return _NotWrittenError("not-written", "can no longer be reached")
    return _NotWrittenError("missing", _GONE)


_GONE = "is no longer where it was read"


def _failed(error: OSError, what: str = "cannot be written") -> _NotWrittenError:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return _NotWrittenError("missing", _GONE)
    if error.errno in _LINK:
        return _changed()
    why = os.strerror(error.errno) if error.errno else "unknown error"
    reason: Reason = "read-only" if error.errno in _READ_ONLY else "not-written"
    return _NotWrittenError(reason, f"{what}: {why.lower()}")
