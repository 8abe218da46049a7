"""The images of an archive: their configuration, and the places of their layers.

Both forms are read: `manifest.json` as `docker save` writes it, and the OCI layout (OCI Image
Format Specification 1.1, image-layout.md).
"""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
import zlib

from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, BinaryIO, TypeAlias

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


_LARGEST_JSON = 1 << 20
_MOST_IMAGES = 50
_MOST_LAYERS = 500
_MOST_TEXTS = 10_000
_MOST_NESTED = 4
# Any other name cannot be pulled, and could act on a terminal.
_REFERENCE = regex(r"(?a)[a-z0-9][\w./:@-]*")
_WORD = regex(r"(?a)[\w.-]+")


class ImageConfig(Record):
    """What an image says about its containers (OCI, config.md).

    ``user`` is ``root`` if it names none. ``ports`` are as EXPOSE has them, ``53/udp``, and
    ``variables`` as `NAME=value`.
    """

    user: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    ports: tuple[str, ...]
    volumes: tuple[str, ...]
    variables: tuple[str, ...]
    folder: str


class ArchivedImage(Record):
    """An image of an archive.

    ``names`` are its references, as `redis:8`. ``digest`` is that of its configuration, by
    which an engine names it, and ``platform`` the system and the processor. ``layers`` are
    the names of its layers.
    """

    names: tuple[str, ...]
    digest: str
    platform: str
    config: ImageConfig
    layers: tuple[str, ...]


class Archive:
    """An archive, a tar file that is open while its layers are read."""

    def __init__(self, file: BinaryIO) -> None:
        """Find the members of an archive.

        Raises:
            ArchiveError: if it is no tar file, or a hostile one.

        """
        self._file = file
        self.bounds = Bounds()
        self._members: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        for entry in entries(file, self.bounds):
            header = entry.header
            if header.isreg():
                self._members[entry.name] = header.offset_data, header.size
            elif header.issym():
                above = posixpath.dirname(entry.name)
                self._links[entry.name] = posixpath.normpath(f"{above}/{header.linkname}")

    def images(self) -> Iterator[ArchivedImage]:
        """Yield the images.

        Raises:
            ArchiveError: if a part of one is missing or broken.

        """
        if "manifest.json" in self._members:
            listed = _list(self._json("manifest.json"), "`manifest.json`", _MOST_IMAGES)
            for one in listed:
                manifest = _table(one, "an image of `manifest.json`")
                names = _texts(manifest.get("RepoTags"))
                yield self._image(names, _text(manifest, "Config"), _texts(manifest.get("Layers")))
            return
        if "index.json" not in self._members:
            raise ArchiveError(
                "it is not an image: neither `manifest.json` nor `index.json` is in it"
            )
        yield from self._in_index(self._json("index.json"), (), 0)

    def member(self, name: str) -> Part:
        """Return the bytes of a member."""
        for _ in range(_MOST_NESTED):
            name = self._links.get(name, name)
        if name not in self._members:
            raise ArchiveError(f"`{name[:200]}` is missing in it")
        return Part(self._file, *self._members[name])

    def _json(self, name: str) -> Any:
        return self._parsed(name)[0]

    def _parsed(self, name: str) -> tuple[Any, str]:
        import hashlib
        import json

        data = self.member(name).read(_LARGEST_JSON + 1)
        if len(data) > _LARGEST_JSON:
            raise ArchiveError(f"`{name}` has more than {_LARGEST_JSON:,} bytes")
        try:
            return json.loads(data), hashlib.sha256(data).hexdigest()
        except (ValueError, RecursionError):
            raise ArchiveError(f"`{name}` is not JSON") from None

    def _in_index(self, index: Any, names: Sequence[str], depth: int) -> Iterator[ArchivedImage]:
        listed = _table(index, "an index").get("manifests")
        for one in _list(listed, "`manifests` of an index", _MOST_IMAGES):
            described = _table(one, "an entry of an index")
            own = _annotated(described) or names
            found = _table(self._json(_blob(described)), "a manifest")
            if "manifests" in found:
                if depth == _MOST_NESTED:
                    raise ArchiveError("its indices are nested too deeply")
                yield from self._in_index(found, own, depth + 1)
            elif "config" in found and not _is_attestation(described):
                layers = _list(found.get("layers"), "`layers` of a manifest", _MOST_LAYERS)
                blobs = [_blob(_table(layer, "a layer")) for layer in layers]
                yield self._image(own, _blob(_table(found["config"], "`config`")), blobs)

    def _image(self, names: Sequence[str], config: str, layers: Sequence[str]) -> ArchivedImage:
        if len(layers) > _MOST_LAYERS:
            raise ArchiveError(f"it has an image with more than {_MOST_LAYERS} layers")
        data, digest = self._parsed(config)
        whole = _table(data, "a configuration")
        platform = "/".join(_word(whole.get(key)) for key in ("os", "architecture"))
        own = _config(_table(whole.get("config") or {}, "`config` of a configuration"))
        known = tuple(name for name in names if _REFERENCE.fullmatch(name))
        return ArchivedImage(known, f"sha256:{digest}", platform, own, (*layers,))


def _config(table: Mapping[str, Any]) -> ImageConfig:
    user, folder = table.get("User"), table.get("WorkingDir")
    return ImageConfig(
        str(user) if user else "root",
        _texts(table.get("Entrypoint")),
        _texts(table.get("Cmd")),
        _keys(table.get("ExposedPorts")),
        _keys(table.get("Volumes")),
        _texts(table.get("Env")),
        str(folder or ""),
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else "unknown"


def _table(value: Any, what: str) -> Mapping[str, Any]:
    if value.__class__ is not dict:
        raise ArchiveError(f"{what} is not a table")
    table: Mapping[str, Any] = value
    return table


def _list(value: Any, what: str, most: int) -> Sequence[Any]:
    if value.__class__ is not list or len(value) > most:
        raise ArchiveError(f"{what} is not a list of at most {most}")
    items: Sequence[Any] = value
    return items


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise ArchiveError(f"`{key}` is not a text")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    found = _list(value if value is not None else [], "a list of texts", _MOST_TEXTS)
    return tuple(one for one in found if isinstance(one, str))


def _keys(value: Any) -> tuple[str, ...]:
    """Return the keys of a table, sorted: ports, or volumes."""
    return tuple(sorted(key for key in _table(value or {}, "a table of names") if key))


def _blob(described: Mapping[str, Any]) -> str:
    """Return the member that a descriptor names by its digest."""
    algorithm, _, number = _text(described, "digest").partition(":")
    return f"blobs/{algorithm}/{number}"


def _notes(described: Mapping[str, Any]) -> Mapping[str, Any]:
    return _table(described.get("annotations") or {}, "`annotations`")


def _annotated(described: Mapping[str, Any]) -> list[str]:
    """Return the reference that an annotation gives to an image."""
    notes = _notes(described)
    names = (notes.get("io.containerd.image.name"), notes.get("org.opencontainers.image.ref.name"))
    return [name for name in names if isinstance(name, str)][:1]


def _is_attestation(described: Mapping[str, Any]) -> bool:
    """Return whether an entry holds what BuildKit attests, which is no image to run."""
    return "vnd.docker.reference.type" in _notes(described)
