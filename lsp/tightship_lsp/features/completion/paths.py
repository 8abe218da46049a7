"""Paths of files and folders, inside the root of the workspace only."""

from __future__ import annotations

import os
from itertools import islice

from tightship.engine.disk.root import KnownDisk, holds, real_path
from tightship_lsp.features.completion.item import Item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_HIDDEN = frozenset((".git", ".hg", ".svn", "node_modules", "__pycache__"))
_MOST = 1_000


def paths(
    root: str,
    folder: str,
    typed: str,
    start: int,
    wanted: Callable[[str], bool] | None = None,
    *,
    folders_only: bool = False,
    dotted: bool = False,
) -> Iterator[Item]:
    """Yield the files and folders that a half-typed path may go on with.

    ``start`` is the place of the path in its text. Only files that are ``wanted`` by their
    name are offered. With ``dotted``, a path has to begin with a dot to be one.
    """
    above, _, _ = typed.rpartition("/")
    if typed.startswith(("/", "~")) or "$" in typed or "\0" in typed:
        return
    place = os.path.normpath(os.path.join(folder, above))
    if not folder or not _is_inside(root, place):
        return
    prefix = f"{above}/" if above else ("./" if dotted else "")
    for entry in _entries(root, place):
        if _is_folder(entry):
            yield Item(f"{prefix}{entry.name}/", "folder", start=start, rank=4)
        elif not folders_only and (wanted is None or wanted(entry.name)):
            yield Item(f"{prefix}{entry.name}", "file", start=start, rank=3)
    if dotted and not typed:
        yield Item("./", "folder", start=start, rank=4)


def _entries(root: str, folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield the entries of a folder that are inside the root, and not those of tools."""
    try:
        entries = list(islice(KnownDisk().entries(folder), _MOST))
    except (OSError, ValueError):
        return
    for entry in sorted(entries, key=lambda one: one.name):
        name = entry.name
        is_odd = name in _HIDDEN or not name.isprintable() or ":" in name
        if not is_odd and _is_inside(root, os.path.join(folder, name)):
            yield entry


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_inside(root: str, path: str) -> bool:
    """Return whether a path, and where it leads to, is inside the root."""
    return holds(root, path) and holds(root, real_path(path))


def is_yaml(name: str) -> bool:
    """Return whether a file may be a Compose file."""
    return name.endswith((".yaml", ".yml"))


def is_env(name: str) -> bool:
    """Return whether a file may hold variables."""
    return name.startswith(".env") or name.endswith(".env") or "." not in name


def is_dockerfile(name: str) -> bool:
    """Return whether a file may be a Dockerfile."""
    return "dockerfile" in name.lower() or "containerfile" in name.lower()
