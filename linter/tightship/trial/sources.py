"""Paths of the host that a project mounts or reads, and whether they are its own."""

from __future__ import annotations

import os
import stat

from tightship.lazy import Record

MOST_BYTES = 500_000_000
MOST_FILES = 50_000
"""Larger folders are mounted read-only in place of a copy."""


class Source(Record):
    """A path of the host.

    ``kind`` is `file`, `folder`, `missing` or `special` (a socket, a pipe or a device).
    ``is_inside`` tells whether it lies in the project, after all links. ``why`` is why a folder
    cannot be copied, empty if it can; ``has_special`` tells whether something in it must not be
    mounted: a socket takes commands through a read-only mount, too.
    """

    kind: str
    is_inside: bool
    why: str = ""
    has_special: bool = False
    path: str = ""

    @property
    def is_bind(self) -> bool:
        """Return whether it is a folder or a file of the host."""
        return self.kind in ("file", "folder")

    def is_copied(self, *, read_only: bool) -> bool:
        """Return whether a mount of it is replaced by a copy."""
        return self.kind == "folder" and not self.why and (not read_only or self.has_special)


class Sources:
    """Finds what paths are, each once; ``root`` is the folder of the project."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._found: dict[str, Source] = {}

    def __call__(self, path: str) -> Source:
        """Return what a path is."""
        if path not in self._found:
            self._found[path] = self._look(path)
        return self._found[path]

    def _look(self, path: str) -> Source:
        real = os.path.realpath(path)
        is_inside = os.path.isabs(path) and f"{real}/".startswith(f"{self._root}/")
        if not is_inside:
            return Source("folder" if os.path.isdir(path) else "file", is_inside=False, path=path)
        if not os.path.lexists(real):
            return Source("missing", is_inside, path=path)
        if os.path.isdir(real):
            why, has_special = _in_folder(real)
            return Source("folder", is_inside, why, has_special, path)
        is_file = stat.S_ISREG(os.stat(real).st_mode)
        why = "a single file is not copied"
        return Source("file" if is_file else "special", is_inside, why, path=path)


def _in_folder(folder: str) -> tuple[str, bool]:
    """Return why a folder cannot be copied, and whether it has what must not be mounted."""
    size, count, has_special, why = 0, 0, os.path.ismount(folder), ""

    def fail(error: OSError) -> None:
        nonlocal why
        why = f"{error.filename} cannot be read"

    for top, folders, files in os.walk(folder, onerror=fail):
        count += len(files) + len(folders)
        has_special = has_special or any(os.path.ismount(os.path.join(top, f)) for f in folders)
        for name in files:
            found = os.lstat(os.path.join(top, name))
            if not stat.S_ISREG(found.st_mode) and not stat.S_ISLNK(found.st_mode):
                has_special = True
            size += found.st_size
        if size > MOST_BYTES or count > MOST_FILES:
            return f"it has more than {MOST_BYTES // 10**6} MB or {MOST_FILES:,} files", has_special
    return why, has_special
