"""Files that are not on the disk: in a Git tree, as texts, or as they were before a change.

A listing says what exists. A file that Git ignores, such as a private `.env`, is not in
it, so that both sides of a change hold the same kind of files.

A file that has not changed is read from the disk, and one that Git ignores too, so that
both sides see the same private `.env`.
"""

from __future__ import annotations

import errno
import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.disk.regular import MAX_BYTES, Refusal, RefusedError, read_regular, too_large
from tightship.lazy import TYPE_CHECKING, Record, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Final, Self


LINK = "120000"
SUBMODULE = "160000"

_LFS = b"version https://git-lfs.github.com/spec/"

# Half of a surrogate pair has no encoding in a path, so nothing on a disk can be taken for
# a part of the tree, nor be looked at. (Some Python 3.11 cuts paths at a null character.)
_ROOT = f"{os.sep}\ud800"
_REGULAR = "100644"


class Entry(Record):
    """A file in a listing: its mode, as Git writes it, and the name of its blob."""

    mode: str
    blob: str


class Listing(Record):
    """The files of a repository by name: relative to its top, with ``/``."""

    entries: Mapping[str, Entry]

    @lazy_property
    def folders(self) -> frozenset[str]:
        """Return the folders that hold the files."""
        return _folders_of(self.entries)

    @lazy_property
    def linked_folders(self) -> frozenset[str]:
        """Return the folders in or below which a link or a submodule is."""
        special = (LINK, SUBMODULE)
        return _folders_of(name for name, one in self.entries.items() if one.mode in special)

    def is_file(self, name: str) -> bool:
        """Return whether a name is that of a file, and not of a link or submodule."""
        entry = self.entries.get(name)
        return entry is not None and entry.mode not in (LINK, SUBMODULE)

    def submodule(self, name: str) -> str | None:
        """Return the submodule that a name is in."""
        while name:
            entry = self.entries.get(name)
            if entry is not None:
                return name if entry.mode == SUBMODULE else None
            name = name.rpartition("/")[0]
        return None


class TreeFiles(RecordedFiles):
    """The files of a Git tree, some of them as the work tree has them.

    ``blob`` returns the content of a blob up to a limit, or None if this clone of the
    repository lacks it. Names in ``edited`` are read from the disk, all others from the
    tree.
    """

    def __init__(
        self,
        root: str,
        listing: Listing,
        blob: Callable[[str, int], bytes | None],
        edited: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(root)
        self.listing: Final = listing
        self.blob: Final = blob
        self._edited = edited

    def apart(self) -> Self:
        """Return the same files with their own record."""
        return type(self)(self.root, self.listing, self.blob, self._edited)

    def bytes_of(self, name: str) -> bytes | None:
        """Return the content of a file that is no link, if it can be read."""
        try:
            return self._bytes(name)
        except RefusedError:
            return None

    def content(self, path: str) -> bytes:
        """Return the content of a file at an absolute path, or none."""
        return self.bytes_of(self.name(path) or "") or b""

    def _link(self, name: str) -> str | None:
        entry = self.listing.entries.get(name)
        if entry is None and name and name not in self.listing.folders:
            submodule = self.listing.submodule(name)
            if submodule is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            raise in_submodule(submodule)
        if entry is None or entry.mode != LINK:
            return None
        if name in self._edited:
            return super()._link(name)
        return os.fsdecode(content_of(entry, self.blob))

    def _names(self, real: str) -> Iterable[str]:
        below, folders = f"{real}/".lstrip("/"), self.listing.folders
        every = self.listing.entries if real in folders else ()
        return (one[len(below) :] for one in every if one.startswith(below))

    def _bytes(self, real: str) -> bytes:
        entry = self.listing.entries.get(real)
        if entry is None or entry.mode == SUBMODULE:
            raise RefusedError("directory", "is a directory, not a file")
        if real in self._edited:
            return _without_lfs(super()._bytes(real))
        return content_of(entry, self.blob)


def content_of(entry: Entry, blob: Callable[[str, int], bytes | None]) -> bytes:
    """Return the content of an entry, which ``blob`` gives up to a limit.

    Raises:
        RefusedError: if it is not in this clone, too large, or stored in Git LFS.

    """
    content = blob(entry.blob, MAX_BYTES)
    if content is None:
        raise RefusedError("not-readable", "is not in this clone of the repository")
    if len(content) > MAX_BYTES:
        raise too_large(MAX_BYTES)
    return _without_lfs(content)


def in_submodule(name: str) -> RefusedError:
    """Return the refusal of what is in a submodule of a name."""
    what = f"is in the submodule `{name}`, so it is not read"
    return RefusedError("not-readable", what)


def _without_lfs(content: bytes) -> bytes:
    if content.startswith(_LFS):
        what = "is stored in Git LFS, so its text is not in the repository"
        raise RefusedError("not-readable", what)
    return content


def _folders_of(names: Iterable[str]) -> frozenset[str]:
    """Return the folders that names are in, up to the top if there is any name."""
    found: set[str] = set()
    for name in names:
        folder = name
        while folder:
            folder = folder.rpartition("/")[0]
            if folder in found:
                break
            found.add(folder)
    return frozenset(found)


class TextFiles(TreeFiles):
    """The files of a tree, each with its text, by names that are relative with ``/``."""

    def __init__(self, texts: Mapping[str, str | bytes]) -> None:
        """Take the texts; no name leaves the tree, and none has a needless part."""
        self._texts = texts
        listing = Listing({name: Entry(_REGULAR, name) for name in texts})
        super().__init__(_ROOT, listing, self._text)

    def apart(self) -> Self:
        """Return the same files with their own record."""
        return type(self)(self._texts)

    def over(self, texts: Mapping[str, str]) -> Files:
        """Return the same files with the texts of some replaced, by name."""
        return TextFiles({**self._texts, **texts})

    def start(self) -> str:
        """Return the top of the tree: nobody is in another folder of it."""
        return self.root

    def _text(self, name: str, limit: int) -> bytes:
        text = self._texts[name]
        # Half of a surrogate pair is refused when the bytes are decoded.
        return text if isinstance(text, bytes) else text.encode(errors="surrogatepass")


class UndoneChange:
    """What differs between a work tree, or several, and the commit before.

    ``entries`` are the changed files by their absolute path, as they were: None for one
    that was not there. ``former`` has the paths that renamed files had. ``blob`` returns
    the content of a blob up to a limit, or None if this clone of the repository lacks it.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry | None],
        former: Mapping[str, str],
        blob: Callable[[str, int], bytes | None],
    ) -> None:
        self.entries: Final = {os.path.normcase(k): v for k, v in entries.items()}
        self.former: Final = former
        self.blob: Final = blob
        kept = [path for path, entry in self.entries.items() if entry is not None]
        self.folders: Final = frozenset(up for path in kept for up in _above(path))
        self.submodules: Final = frozenset(
            path
            for path, entry in self.entries.items()
            if entry is not None and entry.mode == SUBMODULE
        )

    def files(self, root: str) -> Files:
        """Return the files below a root as they were."""
        return FilesBefore(root, self)

    def is_before(self, files: Files) -> bool:
        """Return whether files are those before the change."""
        return isinstance(files, FilesBefore)

    def is_there(self, path: str) -> bool:
        """Return whether a file or folder is there after the change."""
        return os.path.lexists(path)

    def is_folder(self, path: str) -> bool:
        """Return whether a path is a folder, or a submodule, after the change."""
        return os.path.isdir(path)

    def now(self, path: str) -> bytes | Refusal:
        """Return the content of a regular file after the change."""
        return read_regular(path)

    def changes(self, path: str) -> bool:
        """Return whether it changes the file at an absolute path."""
        return os.path.normcase(path) in self.entries

    def content(self, path: str) -> bytes | None:
        """Return the content that a changed file had; None if there was none."""
        entry = self.entries.get(os.path.normcase(path))
        try:
            return None if entry is None else content_of(entry, self.blob)
        except RefusedError:
            return None


class Trees(UndoneChange):
    """What differs between two trees.

    ``names`` are those of the files, and ``renamed`` has those that they had.
    """

    def __init__(self, before: TreeFiles, after: TreeFiles, renamed: Mapping[str, str]) -> None:
        old, new = before.listing.entries, after.listing.entries
        self.names: Final = frozenset(
            name for name in {**old, **new} if old.get(name) is not new.get(name)
        )
        self.before: Final = before
        self.after: Final = after
        self.renamed: Final = renamed
        entries = {before.path(name): old.get(name) for name in self.names}
        former = {after.path(name): before.path(was) for name, was in renamed.items()}
        super().__init__(entries, former, before.blob)

    @property
    def moved(self) -> Iterator[str]:
        """Yield the paths that are on one side only, or are something else on the other."""
        for name in self.names:
            old, new = (one.listing.entries.get(name) for one in (self.before, self.after))
            if old is None or new is None or old.mode[:3] != new.mode[:3]:
                yield self.before.path(name)

    @property
    def kept(self) -> Iterator[str]:
        """Yield the names of renamed files with the same content."""
        for name, was in self.renamed.items():
            if self.after.bytes_of(name) == self.before.bytes_of(was):
                yield name

    def files(self, root: str) -> Files:
        """Return the files of the tree before."""
        return self.before.apart()

    def is_before(self, files: Files) -> bool:
        """Return whether files are those of the tree before."""
        return isinstance(files, TreeFiles) and files.listing is self.before.listing

    def is_there(self, path: str) -> bool:
        """Return whether the tree after has a file or folder."""
        name, listing = self.after.name(path), self.after.listing
        return name is not None and (not name or name in listing.entries or name in listing.folders)

    def is_folder(self, path: str) -> bool:
        """Return whether a path is a folder of the tree after, or a submodule."""
        listing, name = self.after.listing, self.after.name(path) or ""
        entry = listing.entries.get(name)
        return name in listing.folders or (entry is not None and entry.mode == SUBMODULE)

    def now(self, path: str) -> bytes | Refusal:
        """Return the content of a regular file of the tree after."""
        name = self.after.name(path) or ""
        data = self.after.bytes_of(name) if self.after.listing.is_file(name) else None
        return Refusal(name, "missing", "is not there") if data is None else data


class FilesBefore(Files):
    """The files below a root as they were before a change."""

    def __init__(self, root: str, change: UndoneChange) -> None:
        super().__init__(root)
        self._change = change

    def _link(self, name: str) -> str | None:
        change, path = self._change, os.path.normcase(self.path(name))
        self._refuse_submodule(path)
        if path not in change.entries:
            return None if path in change.folders else super()._link(name)
        entry = change.entries[path]
        if entry is None:
            if path in change.folders:
                return None
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if entry.mode != LINK:
            return None
        return os.fsdecode(content_of(entry, change.blob))

    def _names(self, real: str) -> Iterable[str]:
        above = os.path.normcase(self.path(real))
        entries = self._change.entries.items()
        changed = {os.path.basename(k): v for k, v in entries if os.path.dirname(k) == above}
        now = super()._names(real) if os.path.isdir(above) else ()
        return {*now} - {*changed} | {name for name, entry in changed.items() if entry}

    def _bytes(self, real: str) -> bytes:
        change, path = self._change, os.path.normcase(self.path(real))
        self._refuse_submodule(path)
        entry = change.entries.get(path)
        if entry is not None:
            return content_of(entry, change.blob)
        if path in change.folders:
            raise RefusedError("directory", "is a directory, not a file")
        if path in change.entries:
            raise RefusedError("missing", "does not exist")
        return super()._bytes(real)

    def _refuse_submodule(self, path: str) -> None:
        """Refuse what is in a submodule: Git has its files in another repository."""
        submodules = self._change.submodules
        if submodules and (path in submodules or not submodules.isdisjoint(_above(path))):
            raise in_submodule(self.name(path) or path)


def _above(path: str) -> Iterator[str]:
    """Yield the folders above an absolute path."""
    above = os.path.dirname(path)
    while above != path:
        yield above
        path, above = above, os.path.dirname(above)
