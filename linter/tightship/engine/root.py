"""Where a project begins: the folder above which nothing is read."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def canonical(path: str) -> str:
    """Return an absolute path with the links of its folders followed.

    The last part is kept, link or not: it is the name under which Compose loads it.
    """
    full = os.path.abspath(path)
    folder, last = os.path.split(full)
    try:
        return os.path.join(os.path.realpath(folder), last)
    except (OSError, ValueError, RecursionError):
        return full


def project_root(
    path: str, *, workspace: str | None = None, paths: Iterable[str] = ()
) -> str:
    """Return the folder above which nothing is read for the sake of a path.

    It is the nearest Git work tree; else the editor's workspace folder, if the path is
    in it; else the folder common to the path and the other ``paths`` given, unless
    that is the whole disk.
    """
    own = _folder(path)
    up = own
    while True:
        if os.path.lexists(os.path.join(up, ".git")):
            return up
        above = os.path.dirname(up)
        if above == up:
            break
        up = above
    if workspace is not None:
        workspace = os.path.realpath(workspace)
        if holds(workspace, own):
            return workspace
    try:
        common = os.path.commonpath([own, *map(_folder, paths)])
    except ValueError:  # different drives
        return own
    return own if os.path.dirname(common) == common else common


class Roots:
    """The roots of a run: as :func:`project_root`, for many paths of the same run."""

    __slots__ = ("_common", "_folder", "_paths", "_root")

    def __init__(self, paths: Sequence[str]) -> None:
        """Take the paths that were given."""
        self._paths = paths
        self._common: str | None = None
        self._folder = self._root = ""

    def of(self, path: str) -> str:
        """Return the root for an absolute path, be it one of those given or below."""
        folder = os.path.dirname(path)
        if folder != self._folder:
            self._folder = folder
            self._root = project_root(path, paths=self._shared())
        return self._root

    def _shared(self) -> Iterator[str]:
        """Yield the folder that all the paths share, which takes a look at each."""
        if self._common is None:
            try:
                self._common = os.path.commonpath([*map(_folder, self._paths)])
            except ValueError:  # different drives
                self._common = ""
        if self._common:
            yield self._common


def _folder(path: str) -> str:
    full = canonical(path)
    return os.path.realpath(full) if os.path.isdir(full) else os.path.dirname(full)


def holds(folder: str, path: str) -> bool:
    """Tell whether a path is a folder or below it, going by the text alone."""
    folder, path = os.path.normcase(folder), os.path.normcase(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
