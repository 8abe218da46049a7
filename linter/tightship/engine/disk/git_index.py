"""The names of the files that Git tracks, read from its index.

Fact from Git (Documentation/gitformat-index): a header, then an entry for each file in
the order of their names. Up to version 3, an entry is padded with NULs to a multiple of
eight bytes; in version 4, a name is what it differs by from the one before.
"""

from __future__ import annotations

import os

from tightship.engine.disk.regular import Refusal, is_link, read_regular

_HEADER = 12
# Times, device, inode, mode, owner and size; then the hash, and two bytes of flags.
_STATUS = 40
_SHA1, _SHA256 = 20, 32
_EXTENDED = 0x4000
_LARGEST = 64_000_000
# Of names, and of the folders that each is in: version 4 writes a long name in few bytes.
_MOST_BYTES = 256_000_000


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
    names, at, last, left = list[bytes](), _HEADER, b"", _MOST_BYTES
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
