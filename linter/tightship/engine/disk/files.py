"""The only reader of what is linted: text by path, or the reason why there is none.

The linted repository is untrusted. What it names is read only below the project root,
and no link, device or odd encoding in it may hang the run, fill the memory or lead
elsewhere: each comes back as a :class:`Refusal`.
"""

from __future__ import annotations

import errno
import os
import stat

from tightship.engine.disk.decoding import (
    UndecodedError,
    binary,
    decoded,
    decoded_for_buildkit,
)
from tightship.engine.disk.regular import (
    MAX_BYTES,
    Refusal,
    RefusedError,
    bytes_of,
    failed,
    too_large,
)
from tightship.engine.disk.root import holds
from tightship.lazy.regex import regex
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
_MAX_LINKS = 40  # as in Linux, path_resolution(7)
_UNCLEAN = regex(r"/[./]|/$|\\")  # what normpath may have work with


class Files:
    """The files below a project root, with open buffers over them.

    One path gives the same :class:`Source` each time: what was read is not read
    again, so a new run takes a new ``Files``.
    """

    __slots__ = (
        "_codecs",
        "_dockerfiles",
        "_folders",
        "_given_root",
        "_overlay",
        "_seen",
        "root",
    )

    def __init__(
        self, root: str, overlay: Mapping[str, str | bytes] | None = None
    ) -> None:
        """Read below ``root``; ``overlay`` stands over the disk, path by path.

        Bytes in the overlay (standard input) are decoded as those of a file are.
        """
        self.root = os.path.realpath(root)
        self._given_root = os.path.abspath(root)
        self._folders: dict[str, str] = {}
        self._seen: dict[str, Source | Refusal] = {}
        self._codecs: dict[str, str] = {}
        self._dockerfiles: dict[str, Source | Refusal] = {}
        self._overlay: dict[str, str | bytes] = {}
        for path, text in (overlay or {}).items():
            name = self.name(path)
            if name is not None:
                self._overlay[name] = text

    def name(self, path: str) -> str | None:
        """Return a path as findings show it, or None where it leaves the root.

        Paths are absolute, or relative to the root. Links are not looked at: ``..``
        takes back the part before it, as it does for Compose.
        """
        below = self.root + "/"
        if path.startswith(below) and not _UNCLEAN.search(path):
            return path[len(below) :]
        full = os.path.normpath(os.path.join(self.root, path))
        for root in (self.root, self._given_root):
            if holds(root, full):
                return full[len(root) :].replace(os.sep, "/").strip("/")
        return None

    def path(self, name: str) -> str:
        """Return the absolute path of a name that findings show."""
        return os.path.normpath(os.path.join(self.root, name))

    def exists(self, path: str) -> bool:
        """Tell whether :meth:`read` has text, or more to say than that none is there.

        It is true of a folder, or of a link that leaves the root: Compose would try
        to load it, so it must not be passed over.
        """
        name = self.name(path)
        if name is None:
            return True
        if name in self._overlay:
            return True
        try:
            folder, last = self._folder(name)
            os.lstat(os.path.join(self.root, folder, last))
            self._followed(folder, last)
        except FileNotFoundError:  # seven of the eight names that Compose knows
            return False
        except (OSError, ValueError) as error:
            return failed(error).reason != "missing"
        except RefusedError as refused:
            return refused.reason != "missing"
        return True

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text, or why it is not to be had; never raises.

        UTF-8, and UTF-16 with a byte order mark, are decoded, as Compose decodes them
        (verified with docker-compose 2.26.1).
        """
        name = self.name(path)
        if name is None:
            return Refusal(
                path, "outside-root", "is outside the project root, so it is not read"
            )
        if name not in self._seen:
            try:
                self._seen[name] = self._read(name)
            except RefusedError as refused:
                self._seen[name] = Refusal(name, refused.reason, refused.what)
        return self._seen[name]

    def read_dockerfile(self, path: str) -> Source | Refusal:
        """Return the text as BuildKit reads it, where Compose would read another."""
        found, name = self.read(path), self.name(path)
        is_text = isinstance(found, Source) or found.reason != "not-text"
        if name is None or (is_text and name not in self._codecs):
            return found
        if name not in self._dockerfiles:
            try:
                self._dockerfiles[name] = self._read_dockerfile(name)
            except RefusedError as refused:
                self._dockerfiles[name] = Refusal(name, refused.reason, refused.what)
        return self._dockerfiles[name]

    def over(self, texts: Mapping[str, str]) -> Files:
        """Return the same files with other texts in the place of some, by name."""
        return Files(self.root, {**self._overlay, **texts})

    def encode(self, source: Source, text: str) -> bytes:
        """Return the bytes that put a new text in a file's place.

        They have the encoding and the byte order mark that the file was read with.
        """
        mark = "\ufeff" if source.bom else ""
        return (mark + text).encode(self._codecs.get(source.name, "utf-8"))

    def place(self, name: str) -> str | Refusal | None:
        """Return a file's real name as of now, or None if a buffer stands over it."""
        try:
            real = name if name in self._overlay else self._followed("", name)
        except RefusedError as refused:
            return Refusal(name, refused.reason, refused.what)
        return None if real in self._overlay else real

    def _read(self, name: str) -> Source:
        held = self._held(name)
        if isinstance(held, str):
            text, codec = _checked(held), "utf-8"
        else:
            try:
                text, codec = decoded(held)
            except UndecodedError as error:
                raise RefusedError("not-text", str(error)) from None
        if codec != "utf-8":
            self._codecs[name] = codec
        bom = text.startswith("\ufeff")
        return Source(name, text[1:] if bom else text, bom=bom)

    def _read_dockerfile(self, name: str) -> Source:
        held = self._held(name)
        try:
            text, lost = (
                (_checked(held), ())
                if isinstance(held, str)
                else decoded_for_buildkit(held)
            )
        except UndecodedError as error:
            raise RefusedError("not-text", str(error)) from None
        if text.startswith("\ufeff"):
            lost = tuple(at - 1 for at in lost)
            return Source(name, text[1:], bom=True, lost=lost)
        return Source(name, text, lost=lost)

    def _held(self, name: str) -> str | bytes:
        held = self._overlay.get(name)
        if held is None:
            real = self._real(name)
            # A buffer is open under the file's own name, and a link leads to it.
            held = self._overlay.get(real)
            if held is None:
                held = bytes_of(self.path(real), MAX_BYTES)
        return held

    def _real(self, name: str) -> str:
        """Return the name that a name leads to through links, all below the root.

        Nothing outside the root is looked at, not even to tell what is there: a look
        can mount a network share.
        """
        return self._followed(*self._folder(name))

    def _folder(self, name: str) -> tuple[str, str]:
        """Return the name of the folder that a name leads to, and its last part."""
        folder, _, last = name.rpartition("/")
        if folder not in self._folders:
            self._folders[folder] = self._followed("", folder)
        return self._folders[folder], last

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
                    raise RefusedError("outside-root", _LINK_OUT)
                done.pop()
                continue
            here = os.path.join(self.root, *done, part)
            try:
                if not stat.S_ISLNK(os.lstat(here).st_mode):
                    done.append(part)
                    continue
                target = os.readlink(here)
            except (OSError, ValueError) as error:
                raise failed(error) from None
            links += 1
            if links > _MAX_LINKS:
                raise failed(OSError(errno.ELOOP, os.strerror(errno.ELOOP)))
            if os.path.isabs(target):
                inside = self.name(target)
                if inside is None:
                    raise RefusedError("outside-root", _LINK_OUT)
                done, target = [], inside
            pending += target.replace(os.sep, "/").split("/")[::-1]
        return "/".join(done)


_LINK_OUT = "is a link that leaves the project root, so it is not read"


def _checked(text: str) -> str:
    """Hold the text of a buffer to what a file's is held to."""
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError as error:
        raise RefusedError(
            "not-text", f"has half a surrogate pair at character {error.start}"
        ) from None
    if size > MAX_BYTES:
        raise too_large(MAX_BYTES)
    if "\0" in text:
        raise RefusedError("not-text", binary(text.index("\0")))
    return text
