"""Where a project begins: the folder above which nothing is read."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


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


def _folder(path: str) -> str:
    full = canonical(path)
    return os.path.realpath(full) if os.path.isdir(full) else os.path.dirname(full)


def holds(folder: str, path: str) -> bool:
    """Tell whether a path is a folder or below it, going by the text alone."""
    folder, path = os.path.normcase(folder), os.path.normcase(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
