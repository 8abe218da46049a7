"""The names of the files of a repository, listed as far as somebody asks.

A question about one folder lists that folder. All names come from the index of Git where there
is one that is understood, which takes a third of the time of a walk; a file that Git does not
know is then found only in a folder that is asked about. Otherwise, they come from one walk.
"""

from __future__ import annotations

import os
import posixpath
from itertools import islice

from tightship.engine.disk.regular import Refusal, is_junction, read_regular
from tightship.engine.disk.root import entries_of, is_ignored_folder, real_path
from tightship.lazy import TYPE_CHECKING, lazy_property, regex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    Folder = tuple[Collection[str], Collection[str]]
    """The names of the files, and of the folders, right in a folder."""

MOST_NAMES = 200_000
"""The number of names after which a listing of a repository ends."""

_LARGEST_INDEX = 200_000_000
_VERSION = b"\0\0\0\2"
# An entry: in its mode, what it is, and its flags with the length of its name.
_ENTRY = regex(rb"(?s).{26}(.).{33}(..)([^\0]++)\0{1,8}")
_FOLDER, _SUBMODULE = 4, 14
_PARTIAL = (b"link", b"sdir")  # extensions: other files, or folders, have the rest
_NOTHING: Folder = ((), ())
_YAML = (".yml", ".yaml")


class Names:
    """The names of files and links below a root: relative, with ``/``.

    ``in`` asks for one folder alone, iteration for all names.
    """

    def __init__(
        self,
        listed: Callable[[str], Folder],
        every: Callable[[], Iterable[str]],
        tops: Iterable[str] = ("",),
        yaml: Callable[[], list[str] | None] = lambda: None,
    ) -> None:
        """List nothing yet.

        Args:
            listed: lists a folder, by its name relative to the root.
            every: returns all names.
            tops: the folders in which a walk begins.
            yaml: returns the names of YAML files; None to look for them among all.

        """
        self._listed = listed
        self._find = every
        self._tops = tops
        self._find_yaml = yaml
        self._known: dict[str, Folder] = {}

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or not name or name[0] == "/":
            return False
        folder, last = posixpath.split(name)
        return last in self._folder(folder)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._every)

    def __len__(self) -> int:
        return len(self._every)

    def walked(self) -> Iterator[str]:
        """Yield all names by listing each folder, also those that Git does not know.

        Those near the root come first, up to a bound.
        """
        return islice(self._each(), MOST_NAMES + 1)

    def _each(self) -> Iterator[str]:
        pending = [*self._tops]
        for folder in pending:
            yield from self.files_in(folder)
            pending += self.folders_in(folder)

    def files_in(self, folder: str) -> list[str]:
        """Return the names of the files right in a folder, sorted."""
        above = f"{folder}/" if folder else ""
        return [above + one for one in sorted(self._folder(folder)[0])]

    def folders_in(self, folder: str) -> list[str]:
        """Return the names of the folders right in a folder, sorted."""
        above = f"{folder}/" if folder else ""
        return [above + one for one in sorted(self._folder(folder)[1])]

    def has_folder(self, folder: str) -> bool:
        """Return whether there is a folder, and no link leads to it."""
        above, last = posixpath.split(folder)
        return not folder or (bool(last) and last in self._folder(above)[1])

    def known(self, name: str) -> bool | None:
        """Return whether a file was there when somebody asked; None if nobody did."""
        folder, last = posixpath.split(name)
        if folder in self._known:
            return last in self._known[folder][0]
        return name in self._every if "_every" in self.__dict__ else None

    @lazy_property
    def yaml(self) -> list[str]:
        """Return the names of all YAML files; others are not listed for them."""
        found = self._find_yaml()
        return [one for one in self._every if one.endswith(_YAML)] if found is None else found

    def yaml_ending(self, end: str) -> list[str]:
        """Return the names of YAML files that end so."""
        return [one for one in self.yaml if one.endswith(end)]

    @property
    def is_cut(self) -> bool:
        """Return whether there are more names than a listing has."""
        return len(self._every) > MOST_NAMES

    @lazy_property
    def _every(self) -> dict[str, None]:
        return dict.fromkeys(islice(self._find(), MOST_NAMES + 1))

    def _folder(self, folder: str) -> Folder:
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = self._listed(folder)
        return found


def names_given(names: Iterable[str]) -> Names:
    """Return names that no disk has to be asked for."""
    every = dict.fromkeys(names)
    folders: dict[str, tuple[list[str], list[str]]] = {"": ([], [])}
    for name in every:
        folder, last = posixpath.split(name)
        _with_folders_above(folders, folder)[0].append(last)
    return Names(lambda folder: folders.get(folder, _NOTHING), lambda: every)


def _with_folders_above(
    folders: dict[str, tuple[list[str], list[str]]], folder: str
) -> tuple[list[str], list[str]]:
    if folder not in folders:
        above, last = posixpath.split(folder)
        _with_folders_above(folders, above)[1].append(last)
        folders[folder] = ([], [])
    return folders[folder]


def names_on_disk(
    root: str, below: Sequence[str] = ("",), only: Collection[str] | None = None
) -> Names:
    """Return the names below a root, an absolute path without links.

    Args:
        root: the root.
        below: the folders whose files count.
        only: the folders of which only the files right in them count, if nobody asked for more.

    """

    def listed(folder: str) -> Folder:
        if folder in (below if only is None else only):
            is_shown = _is_plain(root, folder)
        else:
            is_shown = only is None and folder != "" and names.has_folder(folder)
        files, folders = _scanned(f"{root}/{folder}") if is_shown else _NOTHING
        return files, folders if only is None else ()

    def every() -> Iterable[str]:
        known = _tracked(root) if only is None and list(below) == [""] else None
        return known if known is not None else names.walked()

    def yaml() -> list[str] | None:
        return _indexed_yaml(root) if only is None and list(below) == [""] else None

    names = Names(listed, every, below if only is None else only, yaml)
    return names


def changed_names(
    names: Names, added: Iterable[str], is_gone: Callable[[str], bool] = lambda _: False
) -> Names:
    """Return names with others added, and without those that are gone."""
    more = names_given(added)

    def listed(folder: str) -> Folder:
        kept = (one for one in names.files_in(folder) if not is_gone(one))
        folders = (*names.folders_in(folder), *more.folders_in(folder))
        files = map(posixpath.basename, (*kept, *more.files_in(folder)))
        return dict.fromkeys(files), dict.fromkeys(map(posixpath.basename, folders))

    def every() -> Iterator[str]:
        yield from (one for one in names if not is_gone(one))
        yield from more

    def yaml() -> list[str]:
        found = (*(one for one in names.yaml if not is_gone(one)), *more)
        return [one for one in found if one.endswith(_YAML)]

    return Names(listed, every, yaml=yaml)


def _is_plain(root: str, folder: str) -> bool:
    """Return whether no link leads to a folder."""
    path = os.path.normpath(f"{root}/{folder}")
    return not folder or real_path(path) == path


def _scanned(path: str) -> tuple[dict[str, None], list[str]]:
    files, folders = dict[str, None](), list[str]()
    try:
        for entry in entries_of(path):
            if not entry.is_dir(follow_symlinks=False):
                files[entry.name] = None
            elif not is_ignored_folder(entry.name) and not is_junction(entry):
                folders.append(entry.name)
    except (OSError, ValueError):
        return {}, []
    return files, folders


def _tracked(root: str) -> list[str] | None:
    """Return the names in the index of Git, or None if it is missing or in another format.

    A `.git` that is a file leads elsewhere, and is not followed. The format is that of
    https://git-scm.com/docs/index-format, of which version 2 with SHA-1 is read.
    """
    data = _index(root)
    if not data:
        return None
    number = int.from_bytes(data[8:12], "big")
    # Behind the entries, the file may have what looks like more of them.
    entries = _ENTRY.findall(data, 12)[: min(number, MOST_NAMES + 1)]
    names = [name for _, _, name in entries]
    if len(names) < min(number, MOST_NAMES + 1) or names != sorted(names):
        return None
    if any(flags[1] != len(name) & 0xFF for _, flags, name in (*entries[:1], *entries[-1:])):
        return None  # another hash
    last = data.rindex(names[-1]) + len(names[-1]) if names else 12
    if data[last : last + 12].lstrip(b"\0")[:4] == b"link":
        return None  # a split index: the rest is in another file
    kinds = {kind[0] >> 4 for kind, _, _ in entries}
    if _FOLDER in kinds:  # of a sparse index
        return None
    if _SUBMODULE in kinds:
        names = [name for kind, _, name in entries if kind[0] >> 4 != _SUBMODULE]
    return _kept(b"\n".join(names).decode("utf-8", "surrogateescape").split("\n") if names else [])


def _index(root: str) -> bytes:
    """Return the index of Git; nothing if it is missing or of another version."""
    is_own = not os.path.islink(f"{root}/.git")
    data = read_regular(f"{root}/.git/index", limit=_LARGEST_INDEX) if is_own else b""
    return b"" if isinstance(data, Refusal) or data[:8] != b"DIRC" + _VERSION else data


def _indexed_yaml(root: str) -> list[str] | None:
    """Return the names of YAML files in the index; None if all names have to be read.

    Their endings are searched in the bytes. What ends so is a name if it has the length that
    is before it, behind a NUL: few names are longer than 255 bytes.
    """
    data = _index(root)
    first = _ENTRY.match(data, 12)
    if first is None or first[2][1] != len(first[3]) & 0xFF:
        return None
    if int.from_bytes(data[8:12], "big") > MOST_NAMES or any(_places(data, b"\0", *_PARTIAL)):
        return None
    found = list[str]()
    for end in _places(data, b"", *map(os.fsencode, _YAML)):
        start = data.rfind(b"\0", 0, end) + 2
        if start < 74 or (start - 74) % 8 or data[start - 1] != (end - start) & 0xFF:
            return None
        kind = data[start - 36] >> 4  # in its mode, as in `_ENTRY`
        if kind == _FOLDER:
            return None
        if kind != _SUBMODULE:
            found.append(data[start:end].decode("utf-8", "surrogateescape"))
    return sorted(_kept(found))


def _places(data: bytes, before: bytes, *words: bytes) -> Iterator[int]:
    """Yield where words end that have a NUL behind them, and something before.

    To search for the NUL with them takes twice as long.
    """
    for word in words:
        at = data.find(word, 12)
        while at >= 0:
            end = at + len(word)
            if data[end : end + 1] == b"\0" and data.endswith(before, 0, at):
                yield end
            at = data.find(word, end)


def _kept(names: list[str]) -> list[str]:
    """Return names that a walk would find: without ignored folders, and not upwards."""
    folders = {name.rpartition("/")[0] for name in names}
    if not any(map(_is_left_out, folders)):
        return names
    return [name for name in names if not _is_left_out(name.rpartition("/")[0])]


def _is_left_out(folder: str) -> bool:
    parts = folder.split("/") if folder else ()
    return any(one in ("", ".", "..") or is_ignored_folder(one) for one in parts)
