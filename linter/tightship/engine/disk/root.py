"""Where a project begins: the folder above which nothing is read."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_TREES = 1_000


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
    path: str,
    *,
    workspace: str | None = None,
    paths: Iterable[str] = (),
    here: str | None = None,
) -> str:
    """Return the folder above which nothing is read for the sake of a path.

    It is the nearest Git work tree; else the editor's workspace folder, if the path is
    in it; else ``here``, where somebody stands who gave paths below it; else the folder
    common to the path and the other ``paths`` given, unless that is the whole disk.
    """
    own = _folder(path)
    tree = _work_tree(own)
    if tree is not None:
        return tree
    if workspace is not None:
        workspace = os.path.realpath(workspace)
        if holds(workspace, own):
            return workspace
    folders = [own, *map(_folder, paths)]
    return _held_by(here, folders) or _common(*folders)


def _held_by(here: str | None, folders: list[str]) -> str | None:
    """Return the folder where somebody stands if it holds all others, but the disk."""
    if here is None or os.path.dirname(here) == here:
        return None
    return here if all(holds(here, folder) for folder in folders) else None


def _common(own: str, *folders: str) -> str:
    """Return the folder that all share, or the first if only the whole disk is."""
    try:
        common = os.path.commonpath([own, *folders])
    except ValueError:  # different drives
        return own
    return own if os.path.dirname(common) == common else common


class Roots:
    """The roots of a run: as :func:`project_root`, for many paths of the same run.

    Where these share the whole disk only, each folder that was given is a root: its
    files keep names of their own.
    """

    __slots__ = ("_folders", "_here", "_paths", "_trees")

    def __init__(self, paths: Sequence[str], here: str | None = None) -> None:
        self._paths = paths
        self._here = here
        self._folders: list[str] | None = None
        self._trees: dict[str, str | None] = {}

    def of(self, path: str) -> str:
        """Return the root for a canonical path of a file that is given, or below one.

        What neighbours share is looked up once: it takes ten looks at the disk.
        """
        folder = os.path.dirname(path)
        if len(self._trees) > _MOST_TREES:
            self._trees.clear()
        tree = _work_tree(folder, self._trees)
        if tree is not None:
            return tree
        if self._folders is None:
            given = [*map(_folder, self._paths)]
            held = _held_by(self._here, given)
            self._folders = _outermost(given if held is None else [held])
        holding = (one for one in self._folders if holds(one, folder))
        return next(holding, folder)


def _outermost(folders: list[str]) -> list[str]:
    """Return what a root may be: the folder that all share, or else each by itself."""
    try:
        shared = [os.path.commonpath(folders)]
    except ValueError:  # none, or different drives
        shared = []
    every = (one for one in (*shared, *folders) if os.path.dirname(one) != one)
    return sorted(every, key=len)


def _work_tree(folder: str, known: dict[str, str | None] | None = None) -> str | None:
    """Return the nearest folder above, or this one, that Git has a work tree in.

    What is ``known`` of folders is made use of, and added to.
    """
    known = {} if known is None else known
    passed: list[str] = []
    up, tree = folder, None
    while up not in known:
        passed.append(up)
        if os.path.lexists(os.path.join(up, ".git")):
            tree = up
            break
        above = os.path.dirname(up)
        if above == up:
            break
        up = above
    else:
        tree = known[up]
    known.update(dict.fromkeys(passed, tree))
    return tree


def _folder(path: str) -> str:
    full = canonical(path)
    return os.path.realpath(full) if os.path.isdir(full) else os.path.dirname(full)


def holds(folder: str, path: str) -> bool:
    """Tell whether a path is a folder or below it, going by the text alone."""
    folder, path = os.path.normcase(folder), os.path.normcase(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
