"""The disk as a run knows it: folders are listed once, and files read and parsed once.

For each project, a run asks for the names of Compose files, settings, `.env` and ignore
files. Most of them do not exist, and one listing of their folder answers all of these
questions.
"""

from __future__ import annotations

import os

from tightship.engine.disk.regular import is_junction
from tightship.engine.disk.root import real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeAlias

    from tightship.engine.disk.regular import Refusal
    from tightship.text import Source

    # The names in a folder, by the name in lower case; None if only the disk can tell
    # what a name is.
    Names: TypeAlias = dict[str, str | None]

_MOST_FOLDERS = 1_000
_MOST_NAMES = 1_000  # in a folder; a larger one is asked name by name
_MOST_ROOTS = 20
_MOST_FILES = 500
_MOST_TEXT = 20_000  # characters; a tree takes 50 times as much as its text
_FEW = 2  # questions about a folder that are cheaper than a listing

# A name may have several spellings, such as `a.` and `a` on Windows.
_HAS_SPELLINGS = os.name == "nt"


class KnownFiles:
    """Files below a root: their texts, or why there are none, and what parsers made.

    ``folders`` holds the real name of each folder, or None for a missing one.
    """

    __slots__ = ("codecs", "dockerfiles", "folders", "parsed", "size", "texts")

    def __init__(self) -> None:
        self.folders: dict[str, str | None] = {}
        self.texts: dict[str, Source | Refusal] = {}
        self.codecs: dict[str, str] = {}
        self.dockerfiles: dict[str, Source | Refusal] = {}
        self.parsed: dict[tuple[Source, Callable[[Source], Any]], Any] = {}
        self.size = 0  # of the texts, in characters

    @property
    def is_full(self) -> bool:
        """Return whether a run should forget them, and begin again."""
        known = self.texts, self.folders
        return self.size > _MOST_TEXT or any(len(one) > _MOST_FILES for one in known)


class KnownDisk:
    """The disk as it was at the first question about each folder and file.

    It keeps as much as the projects of neighbouring folders share. A new run takes a new
    one, and a run that writes files takes none.
    """

    def __init__(self) -> None:
        self._real: dict[str, str] = {}
        self._below: dict[str, KnownFiles] = {}
        self._names: dict[str, Names | None] = {}
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

    def entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        """Yield the entries of a folder; its names are known after the last.

        Raises:
            OSError: if the folder cannot be listed.

        """
        names: Names = {}
        with os.scandir(folder) as found:
            for entry in found:
                if len(names) < _MOST_NAMES:
                    key, name = entry.name.lower(), entry.name
                    is_sure = key not in names and not _is_link(entry)
                    names[key] = name if is_sure else None
                yield entry
        self._keep(folder, names if len(names) < _MOST_NAMES else None)

    def holds(self, folder: str, name: str) -> bool | None:
        """Return whether a folder has a name, and it is no link.

        None if only the disk can tell: the name is a link, is written differently, or the
        folder is too large to list, or has been asked about little.
        """
        if folder not in self._names and not self._is_listed(folder):
            return None
        names = self._names[folder]
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
        known = self._names[folder]
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
            for _ in self.entries(folder):
                pass
        except (FileNotFoundError, NotADirectoryError):
            self._keep(folder, {})
        except (OSError, ValueError):
            self._keep(folder, None)

    def _keep(self, folder: str, names: Names | None) -> None:
        if len(self._names) >= _MOST_FOLDERS:
            self._names.clear()
        self._names[folder] = names


def _is_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() or is_junction(entry)
