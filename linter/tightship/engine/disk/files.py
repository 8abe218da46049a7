"""The only reader of linted files: the text of a path, or the reason why there is none.

The linted repository is untrusted. Files are read only below the project root, and no
link, device or odd encoding may hang the run, fill the memory or lead elsewhere: the
result is then a :class:`Refusal`.
"""

from __future__ import annotations

import errno
import os

from tightship.engine.disk.given import LookUps
from tightship.engine.disk.regular import (
    MAX_BYTES,
    Refusal,
    RefusedError,
    UndecodedError,
    bytes_below,
    checked,
    decoded,
    decoded_for_buildkit,
    failed,
    link_target,
)
from tightship.engine.disk.root import KnownDisk, KnownFiles, entries_of, holds, is_clean, real_path
from tightship.text import Source
from tightship.values.hole import UNKNOWN_TARGET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, Self, TypeVar

    Made = TypeVar("Made")
    Parsed = TypeVar("Parsed")

_MAX_LINKS = 40  # as in Linux, path_resolution(7)


class Files:
    """The files below a project root, with open buffers in place of some.

    Each file is read once and gives the same :class:`Source` after that, so a new run
    takes new ``Files``.
    """

    def __init__(
        self,
        root: str,
        overlay: Mapping[str, str | bytes] | None = None,
        disk: KnownDisk | None = None,
    ) -> None:
        """Read below ``root``.

        Args:
            root: the folder above which nothing is read, an absolute path without links.
            overlay: texts that replace those on the disk, by path. Bytes (standard
                input) are decoded like those of a file.
            disk: what the run knows of the disk. Other projects of it share the texts;
                with an overlay, they do not.

        """
        self.root = root
        self._disk = disk
        self._known = KnownFiles() if disk is None or overlay else disk.below(self.root)
        self._overlay: dict[str, str | bytes] = {}
        for path, text in (overlay or {}).items():
            name = self.name(path)
            if name is not None:
                self._overlay[name] = text

    def start(self) -> str:
        """Return the folder in which Compose is called for files that are named."""
        if self._disk is not None:
            return self._disk.real_path(os.curdir)
        return real_path(os.curdir)

    def name(self, path: str) -> str | None:
        """Return a path as findings show it, or None if it leaves the root.

        Paths are absolute, or relative to the root. Links are not followed: ``..``
        removes the part before it, as in Compose.
        """
        below = self.root + "/"
        if path.startswith(below) and is_clean(path):
            return path[len(below) :]
        # A colon may be behind the letter of a drive.
        if path[:1] != "/" and ":" not in path and is_clean(f"/{path}"):
            return path
        full = os.path.normpath(os.path.join(self.root, path))
        if not holds(self.root, full):
            return None
        return full[len(self.root) :].replace(os.sep, "/").strip("/")

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return os.path.normpath(os.path.join(self.root, name))

    def exists(self, path: str) -> bool:
        """Return whether :meth:`read` returns text, or a reason other than "missing".

        That includes a folder, and a link that leaves the root: Compose would try to
        load them.
        """
        name = self.name(path)
        if name is None or name in self._overlay:
            return True
        try:
            folder, last = self._folder(name)
            known = self._holds(folder, last)
            if known is not None:
                return known
            self._link(f"{folder}/{last}" if folder else last)
            self._followed(folder, last)
        except FileNotFoundError:  # the usual case: seven of the eight names of Compose
            return False
        except (OSError, ValueError) as error:
            return failed(error).reason != "missing"
        except RefusedError as refused:
            return refused.reason != "missing"
        return True

    def is_gone(self, path: str) -> bool:
        """Return whether a file that existed does no more, or a link has replaced its folder."""
        found = self.read(path)
        if not isinstance(found, Refusal) or found.reason != "outside-root":
            return isinstance(found, Refusal) and found.reason == "missing"
        try:
            return self._link(found.name) is None
        except (OSError, ValueError):
            return True

    def among(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        """Yield those of some names that exist in a folder below the root, in order."""
        name = self.name(folder)
        if self._disk is not None and name is not None and not self._overlay:
            try:
                real, _ = self._folder(f"{name}/." if name else ".")
                names = self._disk.possible(self._path_of(real), names)
            except RefusedError as refused:
                names = () if refused.reason == "missing" else names
        for one in names:
            if self.exists(f"{folder}/{one}" if folder else one):
                yield one

    def names_in(self, folder: str) -> list[str]:
        """Return the names in a folder below the root; none if it cannot be listed."""
        below = f"{folder and (self.name(folder) or '..')}/".lstrip("/")
        opened = (one[len(below) :] for one in self._overlay if one.startswith(below))
        try:
            listed = self._names(self._followed("", below))
        except (OSError, ValueError, RefusedError):
            listed = ()
        return sorted({one for one in (*opened, *listed) if "/" not in one})

    def _names(self, real: str) -> Iterable[str]:
        """Return the names in a real folder."""
        return [one.name for one in entries_of(self.path(real))]

    def record(self, path: str) -> None:
        """Record a read of a file whose text is known, if there is a record."""

    def apart(self) -> Self:
        """Return the same files with their own record, if there is one."""
        return self

    def add_record(self, other: Files) -> None:
        """Add the record of other files, if there is one."""

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text, or the reason why there is none; never raises.

        UTF-8, and UTF-16 with a byte order mark, are decoded, as in Compose (verified
        with docker-compose 2.26.1).
        """
        name = self.name(path)
        if name is None:
            return Refusal(path, "outside-root", "is outside the project root, so it is not read")
        return self._once(name, self._known.texts, self._read)

    def read_dockerfile(self, path: str) -> Source | Refusal:
        """Return a file's text as BuildKit reads it, if Compose reads it differently."""
        source, name = self.read(path), self.name(path)
        is_text = isinstance(source, Source) or source.reason != "not-text"
        if name is None or (is_text and name not in self._known.codecs):
            return source
        return self._once(name, self._known.dockerfiles, self._read_dockerfile)

    def parsed(self, source: Source, parse: Callable[[Source], Parsed]) -> Parsed:
        """Return the result of a parser for a file; projects that share it parse once."""
        known = self._known.parsed
        found: Parsed | None = known.get((source, parse))
        if found is None:
            found = known[source, parse] = parse(source)
        return found

    def over(self, texts: Mapping[str, str]) -> Files:
        """Return the same files with the texts of some replaced, by name."""
        return Files(self.root, {**self._overlay, **texts})

    def edited(self, texts: Mapping[str, tuple[Source, str]]) -> Files:
        """Return the same files with new texts for the sources of some names."""
        return self.over({name: source.marked(text) for name, (source, text) in texts.items()})

    def encode(self, source: Source, text: str) -> bytes:
        """Return the bytes of a new text, with encoding and byte order mark of the file."""
        return source.marked(text).encode(self._known.codecs.get(source.name, "utf-8"))

    def place(self, name: str) -> str | Refusal | None:
        """Return a file's real name as of now, or None if a buffer replaces it."""
        try:
            real = name if name in self._overlay else self._followed("", name)
        except RefusedError as refused:
            return refused.about(name)
        return None if real in self._overlay else real

    def leads_out(self, path: str) -> str | None:
        """Return the path outside of the root that links of a path lead to, or None without any.

        Links are read as text, and what is outside is not looked at. A relative path starts
        at the root. It is a hole where a part cannot be read, since it may be a link.
        """
        name = self.name(path)
        try:
            if name:
                self._followed("", name)
        except RefusedError as refused:
            return UNKNOWN_TARGET if refused.reason == "not-readable" else refused.target
        return None

    def _once(
        self, name: str, known: dict[str, Source | Refusal], read: Callable[[str], Source]
    ) -> Source | Refusal:
        """Return the known text of a name, or read it."""
        if name not in known:
            try:
                source = known[name] = read(name)
                self._known.add(len(source.text))
            except RefusedError as refused:
                known[name] = refused.about(name or ".")
        return known[name]

    def _read(self, name: str) -> Source:
        content = self._content(name)
        if isinstance(content, str):
            text, codec = checked(content), "utf-8"
        else:
            try:
                text, codec = decoded(content)
            except UndecodedError as error:
                raise RefusedError("not-text", str(error)) from None
        if codec != "utf-8":
            self._known.codecs[name] = codec
        bom = text.startswith("\ufeff")
        return Source(name, text[1:] if bom else text, bom=bom)

    def _read_dockerfile(self, name: str) -> Source:
        content = self._content(name)
        try:
            text, lost = (
                (checked(content), ())
                if isinstance(content, str)
                else decoded_for_buildkit(content)
            )
        except UndecodedError as error:
            raise RefusedError("not-text", str(error)) from None
        if text.startswith("\ufeff"):
            lost = tuple(at - 1 for at in lost)
            return Source(name, text[1:], bom=True, lost=lost)
        return Source(name, text, lost=lost)

    def _content(self, name: str) -> str | bytes:
        content = self._overlay.get(name)
        if content is None:
            real = self._real(name)
            # A buffer is open under the name that a link leads to.
            content = self._overlay.get(real)
            if content is None:
                content = self._bytes(real)
        return content

    def _bytes(self, real: str) -> bytes:
        """Return the content of a real name."""
        return bytes_below(self.root, real, MAX_BYTES)

    def _link(self, name: str) -> str | None:
        """Return where a link leads, or None for a name that is none.

        No folder of the name is a link.

        Raises:
            OSError: if there is no such name, or it cannot be looked at.

        """
        return link_target(os.path.join(self.root, name))

    def _real(self, name: str) -> str:
        """Return the name that a name leads to through links, all below the root.

        Nothing outside the root is accessed, not even its status: that alone can mount
        a network share.
        """
        folder, last = self._folder(name)
        known = self._holds(folder, last)
        if known is None:
            return self._followed(folder, last)
        if not known:
            raise _missing()
        return f"{folder}/{last}" if folder else last

    def _holds(self, folder: str, name: str) -> bool | None:
        """Return whether a real folder has a name that is no link, if that is known."""
        if self._disk is None:
            return None
        return self._disk.holds(self._path_of(folder), name)

    def _path_of(self, folder: str) -> str:
        return f"{self.root}/{folder}" if folder else self.root

    def _folder(self, name: str) -> tuple[str, str]:
        """Return the real name of the folder of a name, and its last part."""
        folder, _, last = name.rpartition("/")
        folders = self._known.folders
        real = folders.get(folder)
        if real is None:
            above, _, part = folder.rpartition("/")
            if not above or folders.get(above) != above:
                above, part = "", folder
            if folder in folders:
                raise _missing()
            try:
                real = folders[folder] = self._followed(above, part)
            except RefusedError as refused:
                if refused.reason == "missing":
                    folders[folder] = None
                raise
            if real == folder:  # No folder above is a link, either.
                while folder := folder.rpartition("/")[0]:
                    folders[folder] = folder
        return real, last

    def _followed(self, folder: str, rest: str) -> str:
        done = folder.split("/") if folder else []
        pending = rest.split("/")[::-1]
        links = 0
        while pending:
            part = pending.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    out = "/".join(("..", *pending[::-1]))
                    raise RefusedError("outside-root", _LINK_OUT, out)
                done.pop()
                continue
            try:
                target = self._link("/".join((*done, part)))
            except (OSError, ValueError) as error:
                raise failed(error) from None
            if target is None:
                done.append(part)
                continue
            links += 1
            if links > _MAX_LINKS:
                raise failed(OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
            if os.path.isabs(target):
                inside = self.name(target)
                if inside is None:
                    out = "/".join((target.rstrip("/"), *pending[::-1])) or "/"
                    raise RefusedError("outside-root", _LINK_OUT, out)
                done, target = [], inside
            pending += target.replace(os.sep, "/").split("/")[::-1]
        return "/".join(done)


class Disk:
    """How a run reads the disk.

    ``overlay`` holds texts by path that replace those on the disk, and ``known`` what the
    run knows of it. ``look_ups`` are those of what the user names. Files that are below a
    root may ``record`` what is asked.
    """

    def __init__(
        self, overlay: Mapping[str, str | bytes] | None = None, *, records: bool = False
    ) -> None:
        self._overlay = overlay
        self._records = records
        # A run that writes files, or asks for those of an earlier commit, asks again.
        self.known = KnownDisk() if overlay is None and not records else None
        self.look_ups = LookUps()
        self._made: dict[object, Any] = {}

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """Return what is made of the disk, once for each key where the disk is known."""
        if self.known is None:
            return make()
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def below(self, root: str) -> Files:
        """Return the files below a root."""
        if not self._records:
            return Files(root, self._overlay, self.known)
        from tightship.engine.disk.recorded import RecordedFiles

        return RecordedFiles(root, self._overlay)


_LINK_OUT = "is a link that leaves the project root, so it is not read"


def _missing() -> RefusedError:
    return failed(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)))
