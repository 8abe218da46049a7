"""The files of an image, as its layers leave them: owners, modes, and the texts of scripts.

For all that reads stages, :func:`archived_stage` is that of a Dockerfile that makes the image.
"""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.build import Build, BuildContext
from tightship.frontends.image_archive.archive import ArchiveError, entries
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal, TypeAlias

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.image_archive.archive import Archive, ArchivedImage, Entry, ImageConfig

    Kind: TypeAlias = Literal["file", "folder", "link", "other"]


_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_LARGEST_TEXT = 200_000
_MOST_TEXT = 32_000_000
_MOST_LINKS = 40
_CAPABILITY = "SCHILY.xattr.security.capability"
# What is read beside scripts: accounts, and the lists of packages (dpkg, apk).
_OF_APK = ("lib/apk/db/installed", "usr/lib/apk/db/installed")
_LISTS = ("etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/sudoers", *_OF_APK)
_OF_DPKG = "var/lib/dpkg/info/"
_SCRIPTS = (".sh", ".bash")


class FileStatus(Record):
    """A file of an image; ``capabilities`` is the set that it gives, as the kernel's bits."""

    kind: Kind
    mode: int
    uid: int
    gid: int
    target: str = ""
    capabilities: int = 0


class FileSystem:
    """All files of an image by their paths, without a slash at the beginning.

    ``texts`` holds scripts, accounts and the lists of packages. ``is_whole`` is false if
    there are more scripts than are held.
    """

    def __init__(self, archive: Archive, image: ArchivedImage) -> None:
        """Read the layers of an image, one upon another.

        Raises:
            ArchiveError: if one is missing or broken, or leads out of the image.

        """
        self.files: dict[str, FileStatus] = {}
        self.texts: dict[str, bytes] = {}
        self.is_whole = True
        self._folders: set[str] = set()
        self._room = _MOST_TEXT
        # Most files have one of a few owners and modes.
        self._statuses: dict[tuple[Kind, int, int, int, str, int], FileStatus] = {}
        for name in image.layers:
            try:
                self._add(archive, name)
            except ArchiveError as error:
                raise ArchiveError(f"its layer `{name}`: {error}") from None

    def resolved(self, path: str) -> str | None:
        """Return the path that one leads to by links, all within the image.

        It is ``None`` for a loop, and for a name above the root.
        """
        parts = path.split("/")[::-1]
        found: list[str] = []
        links = 0
        while parts:
            part = parts.pop()
            if part in ("", "."):
                continue
            if part == "..":
                del found[-1:]
                continue
            found.append(part)
            here = self.files.get("/".join(found))
            if here is not None and here.kind == "link":
                links += 1
                if links > _MOST_LINKS:
                    return None
                found = [] if here.target.startswith("/") else found[:-1]
                parts += here.target.split("/")[::-1]
        return "/".join(found)

    def text(self, path: str) -> str | None:
        """Return the text of a script or a list at a path."""
        place = self.resolved(path)
        data = self.texts.get(place) if place is not None else None
        return None if data is None else data.decode("utf-8", "replace")

    def packaged(self) -> Iterator[tuple[str, str]]:
        """Yield the packages of dpkg and apk, each with the paths of its files."""
        for name in self.texts:
            if name.startswith(_OF_DPKG):
                package = posixpath.basename(name).removesuffix(".list").partition(":")[0]
                yield from ((package, path) for path in (self.text(name) or "").splitlines())
        for name in _OF_APK:
            package = folder = ""
            for line in (self.text(name) or "").splitlines():
                field, value = line[:2], line[2:]
                package = value if field == "P:" else package
                folder = value if field == "F:" else folder
                if field == "R:":
                    yield package, f"/{folder}/{value}"

    def _add(self, archive: Archive, name: str) -> None:
        added: dict[str, FileStatus] = {}
        texts: dict[str, bytes] = {}
        removed: set[str] = set()
        emptied: set[str] = set()
        folders: dict[str, str] = {}
        for entry in entries(archive.member(name), archive.bounds):
            above, _, last = entry.name.rpartition("/")
            if above not in folders:
                folders[above] = self._folder(above)
            folder = folders[above]
            path = f"{folder}/{last}" if folder else last
            if last == _OPAQUE:
                emptied.add(folder)
            elif last.startswith(_WHITEOUT):
                removed.add(path[: len(path) - len(last)] + last[len(_WHITEOUT) :])
            elif path:
                added[path] = self._status(entry, added)
                text = self._text(entry, path, texts)
                texts.pop(path, None)
                if text is not None:
                    texts[path] = text
        replaced = {one for one in self._folders & added.keys() if added[one].kind != "folder"}
        self._remove(removed, emptied | replaced)
        for folder in folders.values():
            self._folders.update((folder, *_above(folder)))
        self.files.update(added)
        for path in added:
            self.texts.pop(path, None)
        self.texts |= texts

    def _folder(self, path: str) -> str:
        """Return where the files of a folder go: a link that is there already is followed."""
        found = self.resolved(path)
        if found is None:
            raise ArchiveError(f"the links of `/{path[:200]}` lead in a circle")
        return found

    def _status(self, entry: Entry, added: dict[str, FileStatus]) -> FileStatus:
        header = entry.header
        if header.islnk():
            target = header.linkname.strip("/").removeprefix("./")
            found = added.get(target) or self.files.get(target)
            return found or FileStatus("other", 0, 0, 0)
        kind: Kind = "other"
        if header.isreg():
            kind = "file"
        elif header.isdir():
            kind = "folder"
        elif header.issym():
            kind = "link"
        given = _capabilities(header.pax_headers.get(_CAPABILITY))
        mode, target = header.mode & 0o7777, header.linkname if kind == "link" else ""
        key = kind, mode, header.uid, header.gid, target, given
        if key not in self._statuses:
            self._statuses[key] = FileStatus(*key)
        return self._statuses[key]

    def _text(self, entry: Entry, path: str, texts: dict[str, bytes]) -> bytes | None:
        header = entry.header
        if header.islnk():
            target = header.linkname.strip("/").removeprefix("./")
            return texts.get(target) or self.texts.get(target)
        is_list = path in _LISTS or (path.startswith(_OF_DPKG) and path.endswith(".list"))
        is_named = path.endswith(_SCRIPTS)
        if not (header.isreg() and (is_list or is_named or header.mode & 0o111)):
            return None
        if header.issparse() or header.size > _LARGEST_TEXT:
            if is_list or is_named:
                self.is_whole = False
            return None
        data = entry.read()
        if not (is_list or is_named or data.startswith(b"#!")):
            return None
        self._room -= len(data)
        self.is_whole &= self._room >= 0
        return data if self._room >= 0 else None

    def _remove(self, removed: set[str], emptied: set[str]) -> None:
        """Remove what a layer takes away from those below it (OCI, layer.md, "Whiteouts")."""
        covers = removed | emptied
        for path in [*self.files] if covers else ():
            if path in removed or not covers.isdisjoint(_above(path)):
                del self.files[path]
                self.texts.pop(path, None)


def _above(path: str) -> Iterator[str]:
    while path:
        path = posixpath.dirname(path)
        yield path


def _capabilities(value: str | None) -> int:
    """Return the permitted set of a file (`struct vfs_cap_data` of the kernel)."""
    data = value.encode("utf-8", "surrogateescape") if value else b""
    if len(data) < 12:
        return 0
    low = int.from_bytes(data[4:8], "little")
    return low | (int.from_bytes(data[12:16], "little") << 32)


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_MOST_PROGRAMS = 5_000

USER = regex(r"(?a)[\w.-]+(:[\w.-]+)?")
"""The form of a user, with or without a group, which an engine looks up."""


def _program(config: ImageConfig, files: FileSystem, name: str) -> str:
    """Return the path of a program by its name, or the name where there is none."""
    if "/" in name:
        return name
    for folder in _folders(config):
        path = posixpath.join(folder, name)
        place = files.resolved(path)
        status = files.files.get(place) if place is not None else None
        if status is not None and status.mode & 0o111:
            return path
    return name


def archived_stage(image: ArchivedImage, files: FileSystem) -> Stage:
    """Return a stage that makes an image: from scratch, with its files and its settings.

    Its context is the file system of the image.
    """

    def text_at(path: str) -> Source | None:
        text = files.text(path)
        return None if text is None else Source(path, text)

    def among(folder: str, names: Sequence[str]) -> Iterator[str]:
        return (name for name in names if files.text(posixpath.join(folder, name)) is not None)

    context = BuildContext("", None, among, text_at, is_certain=True, is_bare=True)
    lines = "".join(f"{line}\n" for line in _instructions(image.config, files))
    made = Build(read(Source(image.digest, lines)), context=context).target()
    assert made is not None
    return made


def _instructions(config: ImageConfig, files: FileSystem) -> Iterator[str]:
    from json import dumps

    yield "FROM scratch"
    # Scripts call others by their names.
    folders = {files.resolved(one) for one in _folders(config)}
    programs = [one for one in files.texts if posixpath.dirname(one) in folders]
    for path in programs[:_MOST_PROGRAMS]:
        yield f"COPY {dumps(['/' + path, '/' + path])}"
    yield "COPY / /"
    yield f"USER {config.user if USER.fullmatch(config.user) else '$UNKNOWN'}"
    if config.folder.startswith("/") and "$" not in config.folder:
        yield f"WORKDIR {dumps(config.folder)}"
    first, words = [*config.entrypoint], [*config.command]
    started = first or words
    if started:
        started[0] = _program(config, files, started[0])
    for instruction, own in (("ENTRYPOINT", first), ("CMD", words)):
        if own:
            yield f"{instruction} {dumps(own)}"


def _folders(config: ImageConfig) -> list[str]:
    """Return the folders of ``PATH``."""
    given = [one.removeprefix("PATH=") for one in config.variables if one.startswith("PATH=")]
    return [one for one in (given or [_PATH])[-1].split(":") if one.startswith("/")]
