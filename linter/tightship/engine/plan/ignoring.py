"""What Git leaves out: what a `.gitignore` ignores, unless it is tracked."""

from __future__ import annotations

import itertools
import os

from tightship.engine.disk.given import repository_of
from tightship.engine.disk.regular import Refusal, is_link, read_regular
from tightship.lazy import lazy_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.disk.files import Files
    from tightship.values.gitignore import Level


def is_left_out(path: str) -> bool:
    """Return whether a `.gitignore` ignores an absolute path, or a folder it is in.

    A file that Git tracks is in the repository, whatever ignores it.
    """
    is_ignored = any(
        level is not None
        and level.ignores(_bytes_of(child).removesuffix(b"/"), folder=child != path)
        for child, level in _levels_above(path)
    )
    return is_ignored and not Tracked(repository_of(path)).holds(path)


def is_for_commit(path: str) -> bool:
    """Return whether an absolute path is in a work tree of Git that takes it.

    What is neither tracked nor ignored counts: the next commit may take it.
    """
    return repository_of(path) is not None and not is_left_out(path)


class Ignoring:
    """What Git ignores in a folder: what its patterns name, unless it is tracked.

    In a folder that is ignored itself, everything is that is not tracked.
    """

    @classmethod
    def at(cls, start: str) -> Ignoring:
        """Return what is ignored in a folder, by the patterns above it."""
        levels = [*_levels_above(start)]
        level = levels[-1][1] if levels else None
        return cls(level, Tracked(repository_of(start)))

    def __init__(
        self,
        level: Level | None = None,
        tracked: Tracked | None = None,
        *,
        everything: bool = False,
    ) -> None:
        self._level = level
        self._tracked = tracked or Tracked(None)
        self._everything = everything

    def within(self, folder: str, special: dict[str, bool]) -> Ignoring:
        """Return this with the patterns that a folder has itself."""
        level = _level(folder, special, self._level)
        if ".git" in special:
            return Ignoring(level, Tracked(folder))
        return Ignoring(level, self._tracked, everything=self._everything)

    def below(self, folder: str) -> Ignoring:
        """Return what is ignored in a subfolder."""
        if self._everything or not self._ignores(folder):
            return self
        return Ignoring(self._level, self._tracked, everything=True)

    def kept(self, folder: str, names: list[str], are_folders: bool) -> Iterator[str]:
        """Yield the names in a folder that are not ignored."""
        level = self._level
        if level is None and not self._everything:
            yield from names
            return
        prefix = _bytes_of(folder)
        for name in names:
            if (
                not self._everything
                and (
                    level is None
                    or not level.ignores(prefix + os.fsencode(name), folder=are_folders)
                )
            ) or self._tracked.holds(os.path.join(folder, name)):
                yield name

    def may_track(self, path: str) -> bool:
        """Return whether Git tracks a file, or one in a folder, as far as its index tells."""
        return not self._tracked.is_known or self._tracked.holds(path)

    def trusted(self) -> Ignoring:
        """Return this, if an index says what the patterns do not hide, else nothing."""
        return self if self._tracked.is_known else Ignoring(None, self._tracked)

    def _ignores(self, path: str) -> bool:
        level, name = self._level, _bytes_of(path).removesuffix(b"/")
        return level is not None and level.ignores(name, folder=True)


def _levels_above(path: str) -> Iterator[tuple[str, Level | None]]:
    """Yield a path and the folders above it in its work tree, the uppermost first.

    Each comes with the patterns that apply to it. Outside of Git, there are none.
    """
    inside = [path]
    while not os.path.lexists(os.path.join(inside[-1], ".git")):
        above = os.path.dirname(inside[-1])
        if above == inside[-1]:
            return
        inside.append(above)
    level = None
    for child, folder in reversed([*itertools.pairwise(inside)]):
        special = {".gitignore": False}
        if folder == inside[-1]:
            git = os.path.join(folder, ".git")
            special[".git"] = os.path.isdir(git) and not is_link(git)
        level = _level(folder, special, level)
        yield child, level


def _level(folder: str, special: dict[str, bool], above: Level | None) -> Level | None:
    """Add a folder's own patterns to those above, which end at a repository."""
    start = len(_bytes_of(folder))
    if ".git" in special:
        above = None
        info = os.path.join(folder, ".git", "info")
        # In a linked work tree, `.git` is a file with a path. The repository is
        # untrusted, so that path is not followed.
        if special[".git"] and not is_link(info):
            above = _read_level(os.path.join(info, "exclude"), start, None)
    if special.get(".gitignore") is False:
        return _read_level(os.path.join(folder, ".gitignore"), start, above)
    return above


def _read_level(path: str, start: int, above: Level | None) -> Level | None:
    from tightship.values.gitignore import MAX_BYTES, Level  # not for a single file

    text = read_regular(path, limit=MAX_BYTES)
    # That of a new repository has comments alone.
    return above if isinstance(text, Refusal) else Level(text, start, above).or_above


def _bytes_of(folder: str) -> bytes:
    """Return the prefix of the paths below a folder, as patterns match them."""
    path = os.fsencode(folder)
    if os.sep != "/":
        path = path.replace(os.fsencode(os.sep), b"/")
    return path if path.endswith(b"/") else path + b"/"


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


class Tracking:
    """Answers for the files of one project, and reads each index once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[str, Tracked] = {}

    def tracks(self, name: str) -> bool | None:
        """Return whether Git tracks a name, or one below it.

        None stands for no repository, and for an index that cannot be read. All files of a
        Git tree are in it.
        """
        from tightship.engine.disk.git_tree import TreeFiles

        if isinstance(self._files, TreeFiles):
            listing = self._files.listing
            return name == "." or name in listing.entries or name in listing.folders
        path = self._files.path(name)
        repository = repository_of(path)
        if repository is None:
            return None
        found = self._known.setdefault(repository, Tracked(repository))
        if not found.is_known:
            return None
        return path == repository or found.holds(path)
