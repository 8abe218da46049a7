"""What a user names, looked up once.

A folder of an untrusted repository may become a link at any time. So each part of a path is
looked at once. The result has no links, and is opened without following any.
"""

from __future__ import annotations

import errno
import os

from tightship.engine.disk.regular import (
    MAX_BYTES,
    Refusal,
    failed,
    is_folder,
    link_target,
    read_regular,
)
from tightship.engine.disk.root import holds, real_path
from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    _Links = list[tuple[str, str]]

_MOST_LINKS = 40  # as in Linux, path_resolution(7)
_LEADS_OUT = "leads out of its Git repository by a link, so it is not read"


class Given:
    """A path that was looked up, and will not be looked up again.

    ``full`` is absolute, and no folder in it is a link; its last part may be one, by whose
    name Compose loads a file. ``real`` is where that leads. ``refusal`` is the reason not to
    follow the path: a link in a Git work tree leads out of it, and the user may not know that
    the untrusted repository has it. Then both are the place of that link.
    """

    def __init__(self, path: str, full: str, real: str, refusal: Refusal | None) -> None:
        self.path = path
        self.full = full
        self.real = real
        self.refusal = refusal

    @lazy_property
    def kind(self) -> bool | Refusal:
        """Return whether it is a folder, or the reason why it is neither that nor a file."""
        return self.refusal or is_folder(self.full, name=self.path)

    @property
    def folder(self) -> str:
        """Return the folder itself, or that of a file, without links."""
        return self.real if self.kind is True else os.path.dirname(self.full)


class LookUps:
    """Looks up each path once, and so the folders that many share."""

    def __init__(self) -> None:
        self._known: dict[str, Given] = {}
        self._folders: dict[str, tuple[str, _Links]] = {}

    def of(self, path: str) -> Given:
        """Look up a path, which may not exist."""
        if path not in self._known:
            self._known[path] = self._look_up(path)
        return self._known[path]

    def _look_up(self, path: str) -> Given:
        given, name = os.path.split(os.path.abspath(path))
        try:
            if given not in self._folders:
                self._folders[given] = _followed("", given)
            folder, links = self._folders[given]
            real, more = _followed(folder, name) if name else (folder, [])
        except OSError as error:
            full = os.path.abspath(path)
            return Given(path, full, full, failed(error).about(path))
        links = [*((tree, os.path.join(place, name)) for tree, place in links), *more]
        for tree, place in links:
            if not holds(tree, real):
                refusal = Refusal(path, "outside-root", _LEADS_OUT)
                return Given(path, place, place, refusal)
        return Given(path, os.path.join(folder, name), real, None)


def look_up(path: str) -> Given:
    """Look up one path."""
    return LookUps().of(path)


def read_given(path: str, *, name: str = "", limit: int = MAX_BYTES) -> bytes | Refusal:
    """Return the bytes of a regular file that the user names; it may be no link itself.

    ``name`` is the name in a refusal, by default the path.
    """
    full = look_up(os.path.dirname(os.path.abspath(path)))
    if full.refusal is not None:
        return Refusal(name or path, "outside-root", _LEADS_OUT)
    place = os.path.join(full.real, os.path.basename(path))
    return read_regular(place, name=name or path, limit=limit)


def repository_of(path: str) -> str | None:
    """Return the folder of the work tree that a path is in, if there is one."""
    while not os.path.lexists(os.path.join(path, ".git")):
        above = os.path.dirname(path)
        if above == path:
            return None
        path = above
    return path


def _followed(folder: str, rest: str) -> tuple[str, _Links]:
    """Return the place of a path in a folder without links, and the links on the way.

    Only those in work trees of Git count: each with its tree, and the place before it is
    followed.

    Raises:
        OSError: if links lead in a circle.

    """
    done, pending, found, links = folder, _parts(rest), list[tuple[str, str]](), 0
    while pending:
        part = pending.pop()
        if part == os.pardir:
            done = os.path.dirname(done)
            continue
        here = os.path.join(done, part)
        try:
            target = link_target(here)
        except (OSError, ValueError):  # it is missing, or a link no more
            target = None
        if target is None:
            done = here
            continue
        links += 1
        if links > _MOST_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        tree = repository_of(done)
        found += [(tree, os.path.join(here, *pending[::-1]))] if tree is not None else []
        pending += _parts(target)
    # Windows has several spellings of one path.
    return (real_path(done) if os.name == "nt" else done), found


def _parts(path: str) -> list[str]:
    """Return the parts of a path, the last one first; a root is a part of its own."""
    drive, rest = os.path.splitdrive(path)
    root = [drive + os.sep] if os.path.isabs(path) else []
    parts = rest.replace(os.sep, "/").split("/")
    return [one for one in parts[::-1] if one not in ("", os.curdir)] + root
