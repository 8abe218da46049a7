"""Paths of the host that a project mounts or reads, and whether they are its own."""

from __future__ import annotations

import os
import stat

from tightship.lazy import Record

MOST_BYTES = 500_000_000
MOST_FILES = 50_000
"""Larger folders are mounted read-only in place of a copy."""

_DEEPEST = 200
_MOST_SEEN = 500_000  # files that are looked at for sockets


class Source(Record):
    """A path of the host.

    ``kind`` is `file`, `folder`, `missing`, `unreadable` (a folder whose content cannot be
    listed) or `special` (a socket, a pipe or a device).
    ``is_inside`` tells whether it lies in the project, after all links. ``why`` is why a folder
    cannot be copied, empty if it can; ``has_special`` tells whether something in it must not be
    mounted: a socket takes commands through a read-only mount, too.
    """

    kind: str
    is_inside: bool
    why: str = ""
    has_special: bool = False

    @property
    def is_bind(self) -> bool:
        """Return whether it is a folder or a file of the host."""
        return self.kind in ("file", "folder")

    @property
    def as_copy(self) -> str:
        """Return in words what a volume in its place has."""
        if self.kind == "missing":
            return "empty: it does not exist"
        return f"empty: {self.why}" if self.kind == "unreadable" else "a copy"

    def is_copied(self, *, read_only: bool) -> bool:
        """Return whether a volume replaces a mount of it."""
        if self.kind == "folder":
            return not self.why and (not read_only or self.has_special)
        return self.kind in ("missing", "unreadable")


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
            return Source("folder" if os.path.isdir(path) else "file", is_inside=False)
        if not os.path.lexists(real):
            return Source("missing", is_inside)
        if os.path.isdir(real):
            return _folder(real)
        is_file = stat.S_ISREG(os.stat(real).st_mode)
        why = "a single file is not copied"
        return Source("file" if is_file else "special", is_inside, why)


def _folder(folder: str) -> Source:
    """Return a folder of the project, by what is in it."""
    size, count, has_special, why = 0, 0, os.path.ismount(folder), ""
    unlisted: list[OSError] = []
    for top, folders, files in os.walk(folder, onerror=unlisted.append):
        count += len(files) + len(folders)
        has_special = has_special or any(os.path.ismount(os.path.join(top, f)) for f in folders)
        for path in (os.path.join(top, name) for name in files):
            try:
                found = os.lstat(path)
            except OSError as error:  # its path is too long
                unlisted.append(error)
                continue
            if stat.S_ISREG(found.st_mode):
                size += found.st_size
                why = why if os.access(path, os.R_OK) else f"{path} cannot be read"
            elif not stat.S_ISLNK(found.st_mode):
                has_special = True
        if size > MOST_BYTES or count > MOST_FILES:
            why = f"it has more than {MOST_BYTES // 10**6} MB or {MOST_FILES:,} files"
        if top.count(os.sep) > _DEEPEST:
            why = f"its folders are more than {_DEEPEST} deep"
        if count > _MOST_SEEN or top.count(os.sep) > _DEEPEST:
            has_special = True  # perhaps
            break
    if unlisted:
        return Source("unreadable", True, f"{unlisted[0].filename} cannot be listed")
    return Source("folder", True, why, has_special)
