"""The project root: the folder above which nothing is read."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.engine.disk.known import KnownDisk

_MOST_TREES = 1_000
_MOST_TRIES = 20


def real_path(path: str) -> str:
    """Return an absolute path without links.

    Python looks at each part twice, and raises if a link is replaced in between. If that
    happens again and again, the path is returned as it was given.
    """
    for _ in range(_MOST_TRIES):
        try:
            return os.path.realpath(path)
        except OSError:
            continue
        except ValueError:  # a character that no path has
            break
    return os.path.abspath(path)


def canonical(path: str, real_path: Callable[[str], str] = real_path) -> str:
    """Return an absolute path without links in its folders.

    The last part is kept even if it is a link: Compose loads the file by that name.
    ``real_path`` returns the path of a folder without links.
    """
    full = os.path.abspath(path)
    folder, last = os.path.split(full)
    try:
        return os.path.join(real_path(folder), last)
    except (ValueError, RecursionError):
        return full


def project_root(
    path: str, *, workspace: str | None = None, paths: Iterable[str] = (), here: str | None = None
) -> str:
    """Return the folder above which nothing is read for a path.

    It is the nearest Git work tree; else the editor's workspace folder that the path is
    in; else ``here``, the current folder, if all paths are below it; else the folder
    common to the path and the other ``paths``, unless that is the whole disk.
    """
    own = _folder(path)
    tree = _work_tree(own)
    if tree is not None:
        return tree
    if workspace is not None:
        workspace = real_path(workspace)
        if holds(workspace, own):
            return workspace
    folders = [own, *map(_folder, paths)]
    return _held_by(here, folders) or _common(folders) or own


def is_within_root(path: str, folder: str, start: str) -> bool:
    """Return whether a path is in the root of a folder, in a run that begins at ``start``.

    A file in the folder names the path, and must not choose the root: an untrusted
    repository may name any file.
    """
    here = real_path(os.curdir)
    root = project_root(os.path.join(folder, "file"), paths=[start], here=here)
    return holds(root, os.path.normpath(path)) and holds(root, real_path(path))


def _held_by(here: str | None, folders: list[str]) -> str | None:
    """Return the current folder if it holds all others and is not the whole disk."""
    if here is None or os.path.dirname(here) == here:
        return None
    return here if all(holds(here, folder) for folder in folders) else None


def _common(folders: list[str]) -> str | None:
    """Return the folder that holds all, unless it is the whole disk."""
    try:
        common = os.path.commonpath(folders)
    except ValueError:  # none, or different drives
        return None
    return None if os.path.dirname(common) == common else common


class Roots:
    """The roots of a run: like :func:`project_root`, for many paths.

    If paths share the whole disk only, each folder that was given is a root, so that its
    files keep their names. ``disk`` is what the run knows of the disk.
    """

    def __init__(
        self, paths: Sequence[str], here: str | None = None, disk: KnownDisk | None = None
    ) -> None:
        self.disk = disk
        self._paths = paths
        self._here = here
        self._folders: list[str] | None = None
        self._trees: dict[str, str | None] = {}

    def of(self, path: str) -> str:
        """Return the root of a canonical path, which was given or is below one given.

        Work trees are cached: each search takes about ten system calls.
        """
        folder = os.path.dirname(path)
        if len(self._trees) > _MOST_TREES:
            self._trees.clear()
        tree = _work_tree(folder, self._trees)
        if tree is not None:
            return tree
        if self._folders is None:
            given = [self._folder(path) for path in self._paths]
            held = _held_by(self._here, given)
            given = given if held is None else [held]
            every = (one for one in (_common(given), *given) if one is not None)
            below_disk = (one for one in every if os.path.dirname(one) != one)
            self._folders = sorted(below_disk, key=len)
        holding = (one for one in self._folders if holds(one, folder))
        return next(holding, folder)

    def _folder(self, path: str) -> str:
        return _folder(path, self.disk.real_path if self.disk else real_path)


def _work_tree(folder: str, known: dict[str, str | None] | None = None) -> str | None:
    """Return the nearest Git work tree that holds a folder; ``known`` is a cache."""
    known = {} if known is None else known
    passed: list[str] = []
    up, tree = folder, None
    while up not in known:
        passed.append(up)
        # A folder of a canonical path is no link, unless it has been replaced since.
        if os.path.lexists(os.path.join(up, ".git")) and not os.path.islink(up):
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


def _folder(path: str, real_path: Callable[[str], str] = real_path) -> str:
    full = canonical(path, real_path)
    return real_path(full) if os.path.isdir(full) else os.path.dirname(full)


def holds(folder: str, path: str) -> bool:
    """Return whether a path is a folder or below it, by the text alone."""
    folder, path = os.path.normcase(folder), os.path.normcase(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
