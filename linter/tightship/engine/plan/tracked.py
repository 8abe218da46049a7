"""Repositories: what Git tracks although a `.gitignore` ignores it, and links out."""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal, is_link
from tightship.engine.disk.root import holds, real_path
from tightship.lazy import lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


_LEADS_OUT = "leads out of its Git repository by a link, so it is not read"


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


def repository_of(path: str) -> str | None:
    """Return the folder of the work tree that a path is in, if there is one."""
    while not os.path.lexists(os.path.join(path, ".git")):
        above = os.path.dirname(path)
        if above == path:
            return None
        path = above
    return path


def refused_link(path: str, without_links: set[str] | None = None) -> Refusal | None:
    """Return the reason not to follow a path: a link in it leaves its Git work tree.

    The user who names it may not know that the untrusted repository has a link there.
    ``without_links`` are folders that passed before, and grows.
    """
    known = set[str]() if without_links is None else without_links
    passed = list[str]()
    for here in _upwards(os.path.abspath(path)):
        if here in known:
            break
        if is_link(here):
            tree = repository_of(os.path.dirname(here))
            if tree is not None and not holds(tree, real_path(here)):
                return Refusal(path, "outside-root", _LEADS_OUT)
        passed.append(here)
    known.update(passed[1:])
    return None


def refused_place(path: str, full: str) -> Refusal | None:
    """Return the reason not to read a path at a place: the place is in no tree of it.

    A folder may have been a link when the place was looked up, and none when
    :func:`refused_link` looked at it.
    """
    given = os.path.abspath(path)
    if os.path.dirname(given) == os.path.dirname(full):
        return None
    for here in _upwards(os.path.dirname(given)):
        if os.path.lexists(os.path.join(here, ".git")) and not holds(real_path(here), full):
            return Refusal(path, "outside-root", _LEADS_OUT)
    return None


def _upwards(path: str) -> Iterator[str]:
    """Yield a path and the folders above it, without the top of the disk."""
    while (above := os.path.dirname(path)) != path:
        yield path
        path = above
