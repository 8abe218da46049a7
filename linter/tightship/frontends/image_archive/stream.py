"""Tar files of strangers: read in one pass, in little memory, and never beyond a bound."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, TypeAlias

    # What has a tar file: a file, one with gzip, or a part of one.
    Tar: TypeAlias = "BinaryIO | gzip.GzipFile | Part"

MOST_BYTES = 30_000_000_000
"""The most bytes of an archive with all its layers uncompressed."""

MOST_ENTRIES = 500_000
"""The most files and folders of an archive: the largest images have about 300,000."""

_LARGEST_READ = 1 << 20
_BLOCK = 512
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


class ArchiveError(Exception):
    """An archive is not an image, is broken, or is larger than Tightship reads."""


class Bounds:
    """How much may still be read of an archive, in all its layers together."""

    def __init__(self) -> None:
        self._bytes = MOST_BYTES
        self._entries = MOST_ENTRIES

    def take(self, count: int) -> None:
        """Count bytes that are read."""
        self._bytes -= count
        if self._bytes < 0:
            raise ArchiveError(f"it has more than {MOST_BYTES:,} bytes uncompressed")

    def take_entry(self) -> None:
        """Count a file or folder."""
        self._entries -= 1
        if self._entries < 0:
            raise ArchiveError(f"it has more than {MOST_ENTRIES:,} files and folders")


class Part:
    """A part of a file, as a file of its own."""

    def __init__(self, file: BinaryIO, begin: int, size: int) -> None:
        self._file = file
        self._begin = begin
        self._at, self._size = 0, size

    def tell(self) -> int:
        """Return the place in the part."""
        return self._at

    def seek(self, place: int) -> None:
        """Go to a place in the part."""
        self._at = place

    def read(self, count: int = -1) -> bytes:
        """Return the next bytes, or all that are left."""
        left = max(self._size - self._at, 0)
        self._file.seek(self._begin + self._at)
        data = self._file.read(left if count < 0 else min(count, left))
        self._at += len(data)
        return data


class _Reader(io.RawIOBase):
    """A file for :mod:`tarfile`, whose headers could claim any size.

    It goes forwards only, for gzip cannot do otherwise, and back by the one byte with which
    `tarfile` finds a missing end.
    """

    def __init__(self, file: Tar, bounds: Bounds) -> None:
        super().__init__()
        self._file = file
        self._bounds = bounds
        self._at = 0
        self._again = b""
        self.last = b""

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, _whence: int = 0) -> int:
        if place == self._at - 1:
            self._again, self._at = self.last[-1:], place
        elif place > self._at and not isinstance(self._file, gzip.GzipFile):
            self._again, self._at = b"", place
            self._file.seek(place)
        while self._at < place and self.read(min(place - self._at, _LARGEST_READ)):
            pass
        return self._at

    def read(self, count: int = -1) -> bytes:
        if not 0 <= count <= _LARGEST_READ:
            raise ArchiveError(f"a header of it claims {count:,} bytes")
        self._bounds.take(count)
        again, self._again = self._again[:count], b""
        self.last = again + self._file.read(count - len(again))
        self._at += len(self.last)
        return self.last


class Entry:
    """A file, folder or link of a tar file; ``name`` has no slash at either end."""

    def __init__(self, name: str, header: tarfile.TarInfo, stream: _Reader) -> None:
        self.name = name
        self.header = header
        self._stream = stream

    def read(self) -> bytes:
        """Return the bytes of a file, before the next entry is asked for."""
        data = self._stream.read(self.header.size)
        if len(data) < self.header.size:
            raise ArchiveError(f"`{self.name}` ends too early")
        return data


def entries(file: Tar, bounds: Bounds) -> Iterator[Entry]:
    """Yield the entries of a tar file, with gzip or without.

    Raises:
        ArchiveError: if it is broken, has an entry that leaves it, or exceeds the bounds.

    """
    stream = _Reader(_uncompressed(file), bounds)
    try:
        with tarfile.open(fileobj=stream, mode="r:") as archive:
            while (header := archive.next()) is not None:
                archive.__dict__["members"].clear()  # It would hold all of them.
                bounds.take_entry()
                yield Entry(_name(header.name), header, stream)
    except (tarfile.TarError, ValueError, EOFError, OSError, zlib.error, OverflowError) as error:
        raise ArchiveError(f"it is not a complete tar file: {error}") from None
    # `tarfile` takes a broken header for the end, which is a block of zeros.
    if stream.last.strip(b"\0") or len(stream.last) not in (0, _BLOCK):
        raise ArchiveError("it is not a complete tar file: it ends with a broken header")


def _uncompressed(file: Tar) -> Tar:
    begin = file.tell()
    mark = file.read(4)
    file.seek(begin)
    if mark.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file, mode="rb")
    if mark == _ZSTD:
        raise ArchiveError(
            "it has layers with zstd, which are not read: `docker save` writes others"
        )
    return file


def _name(written: str) -> str:
    """Return the name of an entry.

    Raises:
        ArchiveError: if it leads out of the archive.

    """
    parts = [part for part in written.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in written:
        raise ArchiveError(f"the entry `{written[:200]}` leads out of it")
    return "/".join(parts)
