"""The only writer of what is linted: a new text in the place of a file, or why not.

A text is written to a new file beside the old one, and a rename puts it in its place:
whatever happens, the name leads to the whole old text or to the whole new one. Several
files are made ready first and renamed then, so that a full disk changes none of them.

The linted repository is untrusted, and others may work in it meanwhile. Folders are
opened part by part below the project root, and no link is followed on the way. What
is not as it was read is left alone.

Two things are refused that a plain write could do. A file with several hard links: a
rename would part it from its other names, and a write in place is not atomic and would
change a file that may be outside the project. A file whose owner, group, mode or access
control list a new file cannot have: a fix must not change who may read it.

Where Python has no calls for it, extended attributes are not taken over (macOS), and a
link that appears between the last look and the rename is not noticed (Windows); a
rename replaces a link, and never writes through it.
"""

from __future__ import annotations

import errno
import os
import stat
from operator import attrgetter

from tightship.engine.disk.file_attributes import make_alike
from tightship.engine.disk.folder import Folder, write
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
_LINK = (errno.ELOOP, errno.EMLINK)  # how O_NOFOLLOW fails: Linux and macOS, FreeBSD


_state = attrgetter(
    *("st_dev", "st_ino", "st_mode", "st_nlink"),
    *("st_uid", "st_gid", "st_size", "st_mtime_ns"),
)


class Refused:
    """Why a file was not written, or, as ``not-restored``, not set back.

    ``message`` is a sentence without a full stop that repeats the name.
    """

    __slots__ = ("message", "name", "reason")

    def __init__(self, name: str, reason: Reason, what: str) -> None:
        """Refuse a name; ``what`` is the rest of the sentence that it begins."""
        self.name = name
        self.reason: Reason = reason
        self.message = Refusal(name, "not-readable", what).message

    def __repr__(self) -> str:
        return f"Refused({self.reason}: {self.message})"


class _NotWrittenError(Exception):
    """Carries the reason for a refusal up to where the name is known."""

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason: Reason = reason
        self.what = what


def write_all(files: Files, changes: Mapping[str, tuple[Source, str]]) -> list[Refused]:
    """Put new texts in the place of files that were read, all of them or none.

    Line ends, encoding and byte order mark stay as the file has them; a link stays a
    link, and its file below the root is written. Never raises for what the disk does.

    Args:
        files: what the sources were read from.
        changes: by name, the source that was read, and the text to put in its place.

    Returns:
        Nothing if all are written. Else why not, and then each file is as it was,
        except those refused as ``not-restored``: they have their new text.

    """
    batch = _Batch(files)
    try:
        refused = list[Refused]()
        for source, text in changes.values():
            try:
                batch.prepare(source, text)
            except _NotWrittenError as error:
                refused.append(Refused(source.name, error.reason, error.what))
        return refused or batch.swap()
    finally:
        batch.close()


class _Batch:
    """The files of one call."""

    __slots__ = ("_files", "_folders", "_ready", "_texts")

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
            raise _moved(real)
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
        """Tell the first name of a file from another that leads to the same."""
        place = made.before.st_dev, made.before.st_ino
        if self._texts.get(place, new) != new:
            raise _NotWrittenError("conflict", "has another name, and two new texts")
        known, self._texts[place] = place in self._texts, new
        return not known

    def swap(self) -> list[Refused]:
        """Rename every file to its place; if one fails, set back those before it."""
        refused, pending = list[Refused](), self._ready[::-1]
        try:
            while pending:
                pending[-1].swap()
                pending.pop()
        except _NotWrittenError as error:
            refused.append(Refused(pending[-1].name, error.reason, error.what))
        finally:
            if pending:  # after an interrupt as well
                for made in reversed(self._ready):
                    refused += made.restore()
        return refused

    def close(self) -> None:
        """Remove what is left beside the files."""
        for folder in self._folders.values():
            folder.close()


class _Replacement:
    """A file, and what stands ready beside it."""

    __slots__ = ("_folder", "_kept", "_last", "_new", "_ready", "before", "name")

    def __init__(self, name: str, folder: Folder, last: str) -> None:
        """Look at a file; ``name`` is what a refusal calls it."""
        self.name = name
        self._folder = folder
        self._last = last
        self._ready = self._kept = ""
        self._new: os.stat_result | None = None
        self.before = folder.status(last)
        _check(self.before)

    def prepare(self, old: bytes, new: bytes) -> None:
        """Check that the file is as it was read, and write what is to replace it.

        A copy of it is written as well, since the disk may be full when it has to be
        set back.
        """
        handle = self._folder.existing(self._last)
        try:
            is_same = _same(os.fstat(handle), self.before)
            if not is_same or _read(handle, len(old) + 1) != old:
                raise _changed()
            if new == old:
                return
            self._ready = _made(self._folder, self._last, new, handle)
            self._new = self._folder.status(self._ready)
            self._kept = _made(self._folder, self._last, old, handle, dated=True)
        finally:
            os.close(handle)

    def swap(self) -> None:
        """Put the new text in place."""
        if not self._ready:
            return
        try:
            if not _same(self._folder.status(self._last), self.before):
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
            if not _same(now, self._new):
                raise _changed()
            self._folder.move(self._kept, self._last)
        except (OSError, _NotWrittenError):
            self._folder.made.discard(self._kept)
            where = f"its old text is beside it, in `{self._kept}`"
            what = f"has its new text, and could not be set back: {where}"
            return [Refused(self.name, "not-restored", what)]
        self._folder.sync()
        return []


def _made(
    folder: Folder, last: str, data: bytes, like: int, *, dated: bool = False
) -> str:
    """Write a file beside another, and like it; return its name.

    It is on the disk then. With ``dated``, it takes over the times as well.
    """
    try:
        name, handle = folder.new(last)
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


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    """Tell whether nothing was done to a file between two looks at it."""
    return bool(_state(one) == _state(other))


def _read(handle: int, limit: int) -> bytes:
    pieces = list[bytes]()
    while limit > 0 and (piece := os.read(handle, limit)):
        pieces.append(piece)
        limit -= len(piece)
    return b"".join(pieces)


def _changed() -> _NotWrittenError:
    return _NotWrittenError("changed", "has changed since it was read: not written")


def _moved(refusal: Refusal) -> _NotWrittenError:
    """Return why a name that was read has no file any more."""
    if refusal.reason == "outside-root":
        what = "is a link that leaves the project root, so it is not written"
        return _NotWrittenError("outside-root", what)
    if refusal.reason == "not-readable":
        return _NotWrittenError("not-written", "cannot be reached any more")
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
