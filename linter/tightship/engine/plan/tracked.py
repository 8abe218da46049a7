"""What Git tracks, although a `.gitignore` ignores it."""

from __future__ import annotations

import os

from tightship.lazy import lazy_property


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
