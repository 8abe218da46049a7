"""The project root, above which nothing is read, and what a run knows of the disk.

For each project, a run asks for the names of Compose files, settings, `.env` and ignore
files. Most of them do not exist, and one listing of their folder answers all of these
questions.
"""

from __future__ import annotations

import os

from tightship.engine.disk.regular import FOLDER, PASSES, is_junction, open_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Any, TypeAlias

    from tightship.engine.disk.given import Given
    from tightship.engine.disk.regular import Refusal
    from tightship.text import Source

    # The names in a folder, by the name in lower case; None if only the disk can tell
    # what a name is.
    Names: TypeAlias = dict[str, str | None]

# Folders with files of tools and of other people.
_IGNORED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj"),
        *("node_modules", "bower_components"),
        *(".venv", "venv", ".tox", ".nox", "site-packages", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".terraform"),
    }
)

_MOST_TREES = 1_000
_MOST_TRIES = 20

_MOST_FOLDERS = 1_000
_MOST_NAMES = 1_000  # in a folder; a larger one is asked name by name
_MOST_ROOTS = 20
_MOST_FILES = 500
_MOST_TEXT = 200_000  # characters; a tree takes 50 times as much as its text
_FEW = 2  # questions about a folder that are cheaper than a listing

# A name may have several spellings, such as `a.` and `a` on Windows.
_HAS_SPELLINGS = os.name == "nt"


def is_ignored_folder(name: str) -> bool:
    """Return whether nothing is searched in a folder of this name."""
    return name in _IGNORED_FOLDERS


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
    path: str | Given,
    *,
    workspace: str | None = None,
    others: Iterable[str | Given] = (),
    here: str | None = None,
) -> str:
    """Return the folder above which nothing is read for a path.

    It is the nearest Git work tree; else the editor's workspace folder that the path is
    in; else ``here``, the current folder, if all paths are below it; else the folder
    common to the path and the ``others``, unless that is the whole disk.
    """
    own = _folder(path)
    tree = _work_tree(own)
    if tree is not None:
        return tree
    if workspace is not None:
        workspace = real_path(workspace)
        if holds(workspace, own):
            return workspace
    return _without_tree([own, *map(_folder, others)], here)


def _without_tree(folders: list[str], here: str | None) -> str:
    """Return the root of the first of some folders, which is in no work tree."""
    return _held_by(here, folders) or _common(folders) or folders[0]


def is_within_root(path: str, folder: str, start: str) -> bool:
    """Return whether a path is in the root of a folder, in a run that begins at ``start``.

    Both are without links. A file in the folder names the path, and must not choose the root:
    an untrusted repository may name any file.
    """
    root = _work_tree(folder) or _without_tree([folder, start], real_path(os.curdir))
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
        self, given: Sequence[str | Given], here: str | None = None, disk: KnownDisk | None = None
    ) -> None:
        self.disk = disk
        self._paths = given
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
            given = [*map(_folder, self._paths)]
            held = _held_by(self._here, given)
            given = given if held is None else [held]
            every = (one for one in (_common(given), *given) if one is not None)
            below_disk = (one for one in every if os.path.dirname(one) != one)
            self._folders = sorted(below_disk, key=len)
        holding = (one for one in self._folders if holds(one, folder))
        return next(holding, folder)


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


def _folder(path: str | Given) -> str:
    if not isinstance(path, str):
        return path.folder
    full = canonical(path)
    return real_path(full) if os.path.isdir(full) else os.path.dirname(full)


def holds(folder: str, path: str) -> bool:
    """Return whether a path is a folder or below it, by the text alone."""
    folder, path = os.path.normcase(folder), os.path.normcase(path)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def entries_of(folder: str) -> list[os.DirEntry[str]]:
    """Return the entries of a folder, a path without links; raises ``OSError``.

    No link is followed. An entry knows its name and its kind, and nothing else.
    """
    if not PASSES:
        with os.scandir(folder) as found:
            return [*found]
    handle = open_folder(folder, "", FOLDER)
    try:
        with os.scandir(handle) as found:
            entries = [*found]
            for entry in entries:
                entry.is_symlink()  # Some file systems have to be asked for each kind.
            return entries
    finally:
        os.close(handle)


def is_clean(path: str) -> bool:
    """Return whether normpath leaves a path as it is; false if unsure."""
    return not (
        path.endswith(("/", "/.", "/.."))
        or "//" in path
        or "/./" in path
        or "/../" in path
        or "\\" in path
    )


class KnownFiles:
    """Files below a root: their texts, or why there are none, and what parsers made.

    ``folders`` holds the real name of each folder, or None for a missing one.
    """

    __slots__ = ("codecs", "dockerfiles", "folders", "largest", "parsed", "size", "texts")

    def __init__(self) -> None:
        self.folders: dict[str, str | None] = {}
        self.texts: dict[str, Source | Refusal] = {}
        self.codecs: dict[str, str] = {}
        self.dockerfiles: dict[str, Source | Refusal] = {}
        self.parsed: dict[tuple[Source, Callable[[Source], Any]], Any] = {}
        self.size = self.largest = 0  # of all texts and of one, in characters

    def add(self, size: int) -> None:
        """Count the characters of a text."""
        self.size += size
        self.largest = max(self.largest, size)

    @property
    def is_full(self) -> bool:
        """Return whether a run should forget them, and begin again.

        One large file alone is kept: its role and its judgement read it.
        """
        is_many = len(self.texts) > _MOST_FILES or len(self.folders) > _MOST_FILES
        return is_many or self.size > max(_MOST_TEXT, self.largest)


class KnownDisk:
    """The disk as it was at the first question about each folder and file.

    It keeps as much as the projects of neighbouring folders share. A new run takes a new
    one, and a run that writes files takes none.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._below: dict[str, KnownFiles] = {}
        self._names: dict[str, Names | list[os.DirEntry[str]] | None] = {}
        self._asked: dict[str, int] = {}

    def real_path(self, folder: str) -> str:
        """Return the absolute path of a folder without links."""
        known = self._real.get(folder)
        if known is None:
            if len(self._real) >= _MOST_FOLDERS:
                self._real.clear()
            known = self._real[folder] = real_path(folder)
        return known

    def below(self, root: str) -> KnownFiles:
        """Return the files that are known below a root."""
        known = self._below.get(root)
        if known is None or known.is_full:
            if len(self._below) >= _MOST_ROOTS:
                self._below.clear()
            known = self._below[root] = KnownFiles()
        return known

    def entries(self, folder: str) -> list[os.DirEntry[str]]:
        """Return the entries of a folder; its names are then known.

        Raises:
            OSError: if the folder cannot be listed.

        """
        listed = entries_of(folder)
        self._keep(folder, listed if len(listed) < _MOST_NAMES else None)
        return listed

    def holds(self, folder: str, name: str) -> bool | None:
        """Return whether a folder has a name, and it is no link.

        None if only the disk can tell: the name is a link, is written differently, or the
        folder is too large to list, or has been asked about little.
        """
        if folder not in self._names and not self._is_listed(folder):
            return None
        names = self._names_in(folder)
        if names is None:
            return None
        known = names.get(name.lower(), "")
        if known == name:
            return True
        is_missing = known == "" and name.isascii() and not _HAS_SPELLINGS
        return False if is_missing else None

    def possible(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """Return the names that a folder may have; its listing excludes the others."""
        if folder not in self._names:
            self._list(folder)
        known: Collection[str] | None
        listed = self._names[folder]
        known = {one.name.lower() for one in listed} if isinstance(listed, list) else listed
        if known is None or _HAS_SPELLINGS:
            return names
        return [one for one in names if one.lower() in known or not one.isascii()]

    def is_plain(self, path: str) -> bool:
        """Return whether an absolute path in a real folder is known to be no link."""
        return self.holds(*os.path.split(path)) is True

    def exists(self, path: str) -> bool:
        """Return whether an absolute path exists; a link may lead nowhere."""
        folder, name = os.path.split(path)
        known = self.holds(folder, name)
        return os.path.lexists(path) if known is None else known

    def _is_listed(self, folder: str) -> bool:
        """List a folder that was asked about before, if that is possible."""
        if len(self._asked) >= _MOST_FOLDERS:
            self._asked.clear()
        asked = self._asked[folder] = self._asked.get(folder, 0) + 1
        if asked > _FEW:
            self._list(folder)
        return asked > _FEW

    def _list(self, folder: str) -> None:
        try:
            self.entries(folder)
        except (FileNotFoundError, NotADirectoryError):
            self._keep(folder, [])
        except (OSError, ValueError):
            self._keep(folder, None)

    def _names_in(self, folder: str) -> Names | None:
        """Return the names in a listed folder; most folders are never asked about."""
        listed = self._names[folder]
        if isinstance(listed, list):
            listed = self._names[folder] = _by_lower_case(listed)
        return listed

    def _keep(self, folder: str, listed: list[os.DirEntry[str]] | None) -> None:
        if len(self._names) >= _MOST_FOLDERS:
            self._names.clear()
        self._names[folder] = listed


def _by_lower_case(entries: Iterable[os.DirEntry[str]]) -> Names:
    names: Names = {}
    for entry in entries:
        key = entry.name.lower()
        names[key] = entry.name if key not in names and not _is_link(entry) else None
    return names


def _is_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() or is_junction(entry)
