"""What Git tracks, although a `.gitignore` ignores it."""

from __future__ import annotations

import os

from tightship.engine.disk.given import repository_of
from tightship.lazy import lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files


class Tracked:
    """The tracked files of a repository, read when they are first asked for."""

    def __init__(self, repository: str | None) -> None:
        self._repository = repository

    @property
    def is_known(self) -> bool:
        """Return whether there is an index that names a file."""
        return bool(self._names)

    def holds(self, path: str) -> bool:
        """Return whether a file is tracked, or any file in a folder."""
        if self._repository is None:
            return False
        name = os.fsencode(os.path.relpath(path, self._repository))
        return name.replace(os.fsencode(os.sep), b"/") in self._names

    @lazy_property
    def _names(self) -> frozenset[bytes]:
        from tightship.engine.disk.git_folder import tracked  # only few files need it

        names = set[bytes]()
        for name in tracked(self._repository or ""):
            # The folders above a file that was met before are known.
            while name and name not in names:
                names.add(name)
                name = name.rpartition(b"/")[0]
        return frozenset(names)


class Tracking:
    """Answers for the files of one project, and reads each index once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, Tracked] = {}

    def tracks(self, name: str) -> bool | None:
        """Return whether Git tracks a name, or one below it.

        None stands for no repository, and for an index that cannot be read. All files of a
        Git tree are in it.
        """
        from tightship.engine.disk.git_tree import TreeFiles

        if isinstance(self._files, TreeFiles):
            listing = self._files.listing
            return name == "." or name in listing.entries or name in listing.folders
        path = self._files.path(name)
        repository = repository_of(path)
        if repository is None:
            return None
        found = self._known.setdefault(repository, Tracked(repository))
        if not found.is_known:
            return None
        return path == repository or found.holds(path)
