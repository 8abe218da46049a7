"""The files of a repository, for readers that look for invocations of Compose in them."""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.regular import Refusal, is_junction, read_regular
from tightship.engine.disk.root import is_ignored_folder
from tightship.engine.roles.role import Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.git_tree import TreeFiles

UNKNOWN = "\0"
"""The character for a part of a text that is known only when a command runs."""

MAX_BYTES = 1_000_000
"""The size of the largest file that is searched for invocations."""

_MOST_NAMES = 200_000
_MOST_FILES = 20_000
_MOST_BYTES = 100_000_000
_MOST_COMMANDS = 20_000
_MOST_MATCHES = 40
_WORDS = (b"ompose", b"OMPOSE", b"stack deploy")
_OPTIONS = (b" -f ", b"--file")


class Tree:
    """Files by their names: relative to the root, with ``/``.

    ``unread`` says which bound has left something out. ``files_read`` counts files.
    """

    def __init__(
        self, root: str, names: Iterable[str], read: Callable[[str], bytes | None]
    ) -> None:
        """Hold the files below an absolute path; ``read`` gives the bytes of one.

        It gives None for a file that cannot be read, or that is a link.
        """
        self.root = root.replace(os.sep, "/")
        self.unread = list[Evidence]()
        self.files_read = 0
        self._bytes_read = 0
        self._commands = 0
        self._read = read
        self._known = dict[str, str]()
        self.names = self._bounded(names)
        self.folders = _folders(self.names)

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return f"{self.root}/{name}" if name else self.root

    def has(self, path: str) -> bool:
        """Return whether there is a file at an absolute path in the tree."""
        return path[len(self.root) + 1 :] in self.names

    def matches(self, patterns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the names that patterns with unknown parts may mean, all with equal parts.

        An unknown folder is the same in all of them, and so is another unknown part.
        """
        found = dict[str, list[str]]()
        for at, pattern in enumerate(patterns):
            matcher = _matcher(pattern)
            if matcher is None:
                return []
            known = {one[1]: one[0] for one in map(matcher, self.names) if one is not None}
            if at == 0:
                found = {part: [name] for part, name in known.items()}
            else:
                both = ((part, names) for part, names in found.items() if part in known)
                found = {part: [*names, known[part]] for part, names in both}
        return [tuple(names) for names in found.values()][:_MOST_MATCHES]

    def text(self, name: str, *, is_script: bool = False) -> str:
        """Return the text of a file that may invoke Compose; of all others, nothing.

        A script may do that without its name: by a variable of the one that runs it.
        """
        if self.files_read >= _MOST_FILES or self._bytes_read >= _MOST_BYTES:
            self.leave(".", f"only {self.files_read:,} files were searched for invocations")
            return ""
        data = self._read(name)
        self.files_read += 1
        if data is None:
            return ""
        self._bytes_read += len(data)
        if b"\0" in data or not (
            any(word in data for word in _WORDS)
            or (is_script and b".y" in data and any(word in data for word in _OPTIONS))
        ):
            return ""
        if len(data) > MAX_BYTES:
            self.leave(name, f"has more than {MAX_BYTES:,} bytes, so its end is not searched")
            data = data[:MAX_BYTES]
        return data.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")

    def known_text(self, name: str, *, is_script: bool = False) -> str:
        """Return the text of a file, read once; of a missing one, nothing."""
        if name not in self._known:
            is_there = name in self.names
            self._known[name] = self.text(name, is_script=is_script) if is_there else ""
        return self._known[name]

    def spend(self, place: str) -> bool:
        """Count a command that is followed; return false if there were too many."""
        self._commands += 1
        if self._commands > _MOST_COMMANDS:
            self.leave(place, f"only {_MOST_COMMANDS:,} commands of all files were followed")
        return self._commands <= _MOST_COMMANDS

    def leave(self, place: str, message: str) -> None:
        """Note that something is not read, once for each place."""
        if all(one.place != place for one in self.unread):
            self.unread.append(Evidence(place, message))

    def _bounded(self, names: Iterable[str]) -> dict[str, None]:
        found = dict[str, None]()
        for name in names:
            if len(found) >= _MOST_NAMES:
                self.leave(".", f"only {_MOST_NAMES:,} files were looked at")
                break
            found[name] = None
        return found


def tree_on_disk(root: str, buffers: Mapping[str, str | bytes] | None = None) -> Tree:
    """Return the tree below a folder, an absolute path without links.

    Texts in ``buffers``, by absolute path, replace those on the disk. No link is followed.
    """
    texts = {
        path[len(root) + 1 :].replace(os.sep, "/"): text.encode() if isinstance(text, str) else text
        for path, text in (buffers or {}).items()
        if path.startswith(root + os.sep)
    }

    def read(name: str) -> bytes | None:
        found = texts.get(name)
        if found is None:
            data = read_regular(f"{root}/{name}")
            found = None if isinstance(data, Refusal) else data
        return found

    return Tree(root, {**dict.fromkeys(_names_on_disk(root)), **dict.fromkeys(texts)}, read)


def tree_of(files: TreeFiles) -> Tree:
    """Return the tree of files that are not on the disk."""
    names = files.listing.entries
    kept = (name for name in names if not any(map(is_ignored_folder, name.split("/")[:-1])))

    def read(name: str) -> bytes | None:
        return files.bytes_of(name) if files.listing.is_file(name) else None

    return Tree(files.root, kept, read)


def _names_on_disk(root: str) -> Iterator[str]:
    """Yield the names of files and links, those near the root first."""
    pending = [""]
    for folder in pending:
        try:
            with os.scandir(f"{root}/{folder}") as found:
                entries = sorted(found, key=lambda one: one.name)
        except OSError:
            continue
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                yield folder + entry.name
            elif not is_ignored_folder(entry.name) and not is_junction(entry):
                pending.append(f"{folder}{entry.name}/")


def _folders(names: Iterable[str]) -> set[str]:
    found = {""}
    for name in names:
        folder = posixpath.dirname(name)
        while folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found


def _matcher(pattern: str) -> Callable[[str], tuple[str, str] | None] | None:
    """Return what matches names with a pattern, and gives the name and its unknown part.

    There is none for a pattern with several unknown parts, or that says too little.
    """
    head, _, tail = pattern.partition(UNKNOWN)
    if UNKNOWN in tail or not tail.endswith((".yml", ".yaml")) or head[:1] in ("/", "."):
        return None
    is_folder = tail.startswith("/")
    if not is_folder and not posixpath.basename(head):
        return None

    def match(name: str) -> tuple[str, str] | None:
        whole = f"/{name}" if is_folder and not head else name
        part = whole[len(head) : -len(tail)]
        if f"{head}{part}{tail}" != whole or (not is_folder and "/" in part):
            return None
        return name, part

    return match


def upwards(folder: str) -> tuple[str, ...]:
    """Return a folder, and those above it up to the root, which is empty."""
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(found)
