"""Git's folder: whether it belongs to a work tree, and the names of the tracked files.

An unpacked archive may hold a ``.git`` that leads into another repository: by its
``core.worktree``, as a link, as a file with a path, by its ``commondir``, or by links to
references and objects. Git follows all of them; the private files of the other repository
would then be in the report.

Facts from Git (gitrepository-layout, git-worktree, git-submodule): the ``.git`` of a linked
work tree is a file with the path of a folder in ``worktrees`` of the repository, whose file
``gitdir`` has the path back; that of a submodule has the path of a folder whose
``core.worktree`` leads back. ``git init --separate-git-dir`` makes no way back.

Fact from Git (Documentation/gitformat-index): a header, then an entry for each file in
the order of their names. Up to version 3, an entry is padded with NULs to a multiple of
eight bytes; in version 4, a name is what it differs by from the one before.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from tightship.engine.disk.given import repository_of
from tightship.engine.disk.regular import Refusal, is_junction, is_link, read_regular
from tightship.engine.disk.root import holds, real_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final


_PATH = 1 << 14  # bytes of a file with a path
_NAMES = ("HEAD", "commondir", "packed-refs", "refs", "objects")
_MOST_FOLDERS = 50_000

_HEADER = 12
# Times, device, inode, mode, owner and size; then the hash, and two bytes of flags.
_STATUS = 40
_SHA1, _SHA256 = 20, 32
_EXTENDED = 0x4000
_LARGEST = 64_000_000
# Of names, and of the folders that each is in: version 4 writes a long name in few bytes.
_MOST_BYTES = 256_000_000


class GitFolder:
    """What Git says of a work tree.

    Args:
        top: its top folder.
        own: the folder of this work tree: ``.git``, or where that leads.
        common: the folder of the repository, with its objects: the same one, except in a
            linked work tree.
        is_named: whether the configuration has a ``core.worktree``, which ``top`` is then.

    """

    def __init__(self, top: str, own: str, common: str, *, is_named: bool) -> None:
        self.top: Final = real_path(top)
        self._own = real_path(own)
        self._common = real_path(common)
        self._is_named = is_named

    def fault(self, folder: str) -> str | None:
        """Return why what Git says of a folder without links is not used: a clause."""
        git = os.path.join(self.top, ".git")
        if not holds(self.top, folder) or not os.path.lexists(git):
            return f"the work tree of {self._own} is {self.top}, another folder"
        if is_link(git):
            return f"{git} is a link, perhaps to another repository"
        if os.path.isdir(git):
            if real_path(git) != self._own or self._own != self._common:
                return f"{git} leads to the other repository {self._common}"
        elif not self._is_of(git):
            return (
                f"{git} leads to {self._own}, whose work tree is another one; if it is"
                " this one, set `core.worktree` there"
            )
        link = next(_links_out(self._own), None) or next(_links_out(self._common), None)
        if link is not None:
            return f"{link} is a link that leaves the repository"
        return _special_file_in(self._common, "refs", is_deep=True)

    def _is_of(self, git: str) -> bool:
        """Return whether a file ``.git`` leads to the folder, and that leads back."""
        if _path_in(git, "gitdir:") != self._own:
            return False
        if self._own == self._common:
            return self._is_named
        is_inside = os.path.dirname(self._own) == os.path.join(self._common, "worktrees")
        back = _path_in(os.path.join(self._own, "gitdir"))
        return is_inside and back == real_path(git)


def special_file(folder: str) -> str | None:
    """Return a clause about a file that Git reads first for a folder, and that has no end."""
    git = os.path.join(repository_of(folder) or folder, ".git")
    found = (_special_file_in(git, name) for name in ("", "info", os.path.join("objects", "info")))
    return next(filter(None, found), None)


def _special_file_in(git: str, name: str, *, is_deep: bool = False) -> str | None:
    for path in _odd_in(os.path.join(git, name), is_deep=is_deep):
        with suppress(OSError):
            mode = os.stat(path).st_mode
            if stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
                return f"{path} is a pipe or a device, not a regular file"
    return None


def _path_in(file: str, key: str = "") -> str | None:
    """Return the real path that a file has after a key, from its own folder."""
    data = read_regular(file, limit=_PATH)
    if isinstance(data, Refusal):
        return None
    text = os.fsdecode(data)
    if not text.startswith(key):
        return None
    path = text.removeprefix(key).strip()
    return real_path(os.path.join(os.path.dirname(file), path))


def _links_out(folder: str) -> Iterator[str]:
    """Yield the references and stores of objects of a Git folder that are elsewhere.

    Links among the objects of a store lead nowhere, since their names cannot be guessed.
    """
    for name in _NAMES:
        path = os.path.join(folder, name)
        if is_link(path) and not holds(folder, real_path(path)):
            yield path
    names = ((os.path.join(folder, "objects"), False), (os.path.join(folder, "refs"), True))
    for store, is_deep in names:
        for path in _odd_in(store, is_deep=is_deep):
            if not holds(folder, real_path(path)):
                yield path


def _odd_in(folder: str, *, is_deep: bool) -> Iterator[str]:
    """Yield what is in a folder, and is neither a regular file nor a folder."""
    left, seen = [folder], 0
    while left and seen < _MOST_FOLDERS:
        seen += 1
        try:
            with os.scandir(left.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and not is_junction(entry):
                        left += [entry.path] if is_deep else []
                    elif not entry.is_file(follow_symlinks=False):
                        yield entry.path
        except OSError:
            continue


def tracked(repository: str) -> frozenset[bytes]:
    """Return the names of the tracked files of a work tree, relative to it.

    There are none without an index that can be read. `.git` may be a file with a path,
    in a linked work tree: it is not followed, since the repository is untrusted.
    """
    folder = os.path.join(repository, ".git")
    if is_link(folder):
        return frozenset()
    data = read_regular(os.path.join(folder, "index"), limit=_LARGEST)
    if isinstance(data, Refusal) or data[:4] != b"DIRC":
        return frozenset()
    for size in (_SHA1, _SHA256):
        names = _names(data, size)
        if names is not None:
            return frozenset(names)
    return frozenset()


def _names(data: bytes, hash_size: int) -> list[bytes] | None:
    """Return the names in an index, or None if it is not written with such hashes."""
    version, count = _number(data, 4), _number(data, 8)
    if not 2 <= version <= 4 or count > len(data) // (_STATUS + hash_size):
        return None
    at, last, left = _HEADER, b"", _MOST_BYTES
    names: list[bytes] = []
    for _ in range(count):
        flags = at + _STATUS + hash_size
        start = flags + 2
        if data[flags : flags + 1] and data[flags] & (_EXTENDED >> 8):
            start += 2
        kept = b""
        if version == 4:
            removed, start = _offset(data, start)
            kept = last[: max(0, len(last) - removed)]
        end = data.find(b"\0", start)
        if end < 0:
            return None
        name = kept + data[start:end]
        # The names are in order, which tells one size of hash from another.
        left -= len(name) * (1 + name.count(b"/"))
        if name < last or not name or left < 0:
            return None
        names.append(name)
        last = name
        at = end + 1 if version == 4 else at + ((end - at) // 8 + 1) * 8
    return names


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where it ends."""
    value, more = 0, True
    while more and at < len(data):
        byte = data[at]
        value, more, at = value << 7 | byte & 0x7F, bool(byte & 0x80), at + 1
        value += more
    return value, at
