"""The files of a work tree as they were before a change: the change is undone in memory.

A file that has not changed is read from the disk, and one that Git ignores too, so that
both sides see the same private `.env`.
"""

from __future__ import annotations

import errno
import os

from tightship.engine.disk.files import Files
from tightship.engine.disk.git_tree import LINK, SUBMODULE, content_of, in_submodule
from tightship.engine.disk.regular import RefusedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Final

    from tightship.engine.disk.git_tree import Entry


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
