"""The files of a repository, for readers that look for invocations of Compose in them."""

from __future__ import annotations

import os
import posixpath

from tightship.engine.disk.names import MOST_NAMES, Names, changed_names, names_given, names_on_disk
from tightship.engine.disk.regular import Refusal, is_binary, read_regular
from tightship.engine.disk.root import is_ignored_folder
from tightship.lazy import TYPE_CHECKING, Record, lazy_property, regex

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    from tightship.engine.disk.git_tree import TreeFiles, UndoneChange

MAX_BYTES = 1_000_000
"""The size of the largest file that is searched for invocations."""

_MOST_FILES = 20_000
_MOST_BYTES = 100_000_000
_MOST_COMMANDS = 20_000
_SPENT = (
    f"only the first {_MOST_COMMANDS:,} commands of scripts were followed: a file that a later"
    " command merges over others is checked as a separate project"
)
_WORDS = (b"ompose", b"OMPOSE", b"stack deploy")
# An option of Compose, where the program may be in a variable; and what a Makefile includes.
_OPTION = regex(rb"(?: -f |--file[ =])[\"']?([^\s\"']{0,300})")
_VARIABLE = regex(rb"\$[\w{}()@]+[\"']?[ \t]*\Z")
_INCLUDE = regex(rb"(?m)^[ \t]*-?s?include[ \t]")
_LONGEST = 2_000  # bytes of a command before an option
_ENGINES = (
    b"docker",
    b"DOCKER",
    b"podman",
    b"PODMAN",
    b"buildah",
    b"nerdctl",
    b"kaniko",
    b"ockerfile",
)
# A build or a push by an engine, or by one that a variable names; and what CI has instead.
_BUILDS = regex(
    rb"(?:docker|podman|nerdctl|buildah|[A-Z)}])[\"']?"
    rb"(?: -[^ \n]++(?: (?!bu|image|push|save)[\w./:]++)?+)*+(?: buildx| image)?+"
    rb" (?:build|bud|push|save)\b"
    rb"|kaniko|build-push-action|container:|(?i:dockerfile)[\"' \t]*[:=]|file: \S*ockerfile"
)


class Unread(Record):
    """A file, or a part of one, that is not searched for invocations.

    ``place`` is a name below the root, or ``.`` if it concerns several files. ``message``
    continues a sentence about it, without a full stop.
    """

    place: str
    message: str
    reason: Literal["not-readable", "too-large"] = "too-large"


class Text(Record):
    """The text of a file, and whether it may merge Compose files."""

    text: str
    may_merge: bool


class Tree:
    """Files by their names: relative to the root, with ``/``.

    ``files_read`` counts the files that were read; ``yaml`` are the names of YAML files.
    """

    def __init__(self, root: str, names: Names, read: Callable[[str], bytes | None]) -> None:
        """Hold the files below an absolute path; ``read`` gives the bytes of one.

        It gives None for a file that cannot be read, or that is a link.
        """
        self.root = root.replace(os.sep, "/")
        self.names = names
        self._left_out = dict[str, Unread]()
        self.files_read = 0
        self._bytes_read = 0
        self._commands = 0
        self._read = read
        self._texts = dict[str, Text]()
        self._included = dict[str, Text]()

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return f"{self.root}/{name}" if name else self.root

    def has(self, path: str) -> bool:
        """Return whether there is a file at an absolute path in the tree."""
        return path[len(self.root) + 1 :] in self.names

    def has_included(self, name: str) -> bool:
        """Return whether a file was read because another one includes it."""
        return name in self._included

    def has_folder(self, folder: str) -> bool:
        """Return whether there is a folder."""
        return self.names.has_folder(folder)

    @property
    def yaml(self) -> list[str]:
        """Return the names of all YAML files."""
        return self.names.yaml

    def yaml_ending(self, end: str) -> list[str]:
        """Return the names of the YAML files that end so."""
        return self.names.yaml_ending(end)

    def yaml_in(self, folder: str) -> list[str]:
        """Return the names of the YAML files right in a folder."""
        return [one for one in self.names.files_in(folder) if one.endswith((".yml", ".yaml"))]

    @lazy_property
    def images(self) -> list[str]:
        """Return the names of the Dockerfiles; without one, no build is looked for."""
        names = [*self.every_name]
        lowered = "\0".join(names).lower().split("\0")  # faster than each by itself
        named = (name for name, low in zip(names, lowered, strict=False) if "erfile" in low)
        return [*filter(is_image, named)]

    @property
    def every_name(self) -> Names:
        """Return all names; that some are left out is noted."""
        if self.names.is_cut:
            self.leave(".", f"only {MOST_NAMES:,} files were looked at")
        return self.names

    def merging(self, name: str, *, is_script: bool = False) -> str | None:
        """Return the text of a file that may merge Compose files, or None.

        A script may invoke Compose without its name: by a variable of one that it includes,
        or that runs it.
        """
        data = self._bytes(name)
        return self._decoded(name, data) if _may_merge(data, is_script=is_script) else None

    def building(self, name: str) -> str | None:
        """Return the text of a file that may build or push images, or None."""
        data = self._bytes(name)
        return self._decoded(name, data) if mentions_builds(data) else None

    def included(self, name: str, *, is_script: bool = False) -> Text:
        """Return the text of a file that another one includes; of a missing one, nothing."""
        if name not in self._included:
            data = self._bytes(name) if name in self.names else b""
            may_merge = _may_merge(data, is_script=is_script) or any(
                b".y" in one[1] for one in _OPTION.finditer(data)
            )
            text = self._decoded(name, data) if may_merge or mentions_builds(data) else ""
            self._included[name] = Text(text, may_merge)
        return self._included[name]

    def _bytes(self, name: str) -> bytes:
        """Return the bytes of a text that is searched; of a file that is none, no bytes."""
        if self.files_read >= _MOST_FILES or self._bytes_read >= _MOST_BYTES:
            self.leave(".", f"only {self.files_read:,} files were searched for invocations")
            return b""
        data = self._read(name)
        self.files_read += 1
        self._bytes_read += len(data or b"")
        return b"" if data is None or b"\0" in data else data

    def _decoded(self, name: str, data: bytes) -> str:
        if len(data) > MAX_BYTES:
            self.leave(name, f"has more than {MAX_BYTES:,} bytes, so its end is not searched")
            data = data[:MAX_BYTES]
        return data.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")

    def spend(self) -> bool:
        """Count a command that is followed; return false if there were too many."""
        self._commands += 1
        if self.is_spent:
            self.leave(".", _SPENT)
        return not self.is_spent

    @property
    def is_spent(self) -> bool:
        """Return whether no more commands are followed."""
        return self._commands > _MOST_COMMANDS

    def leave(self, place: str, message: str) -> None:
        """Note that a bound leaves something out, once for each place."""
        self._left_out.setdefault(place, Unread(place, message))

    def refuse(self, name: str, refusal: Refusal) -> None:
        """Note that a file cannot be read; what is no regular file invokes nothing."""
        if refusal.reason == "too-large":
            self.leave(name, "is too large to be searched for invocations")
        elif refusal.reason == "not-readable":
            message = "cannot be read, so it is not searched for invocations"
            self._left_out.setdefault(name, Unread(name, message, refusal.reason))

    @property
    def unread(self) -> Sequence[Unread]:
        """Return what was not read."""
        return [*self._left_out.values()]


def tree_on_disk(root: str, names: Names, buffers: Mapping[str, str | bytes] | None = None) -> Tree:
    """Return the tree of some names below a folder, an absolute path without links.

    Texts in ``buffers``, by absolute path, replace those on the disk, also if they change
    before they are read. No link is followed.
    """
    texts: Mapping[str, str | bytes] = {} if buffers is None else buffers

    def read(name: str) -> bytes | None:
        path = os.path.normpath(f"{root}/{name}")
        if path in texts:
            return encoded(texts[path])
        if name not in names:  # of the index alone: it is gone, or behind a link
            return None
        data = read_regular(path)
        if not isinstance(data, Refusal):
            return data
        if not is_binary(path):  # a program of many megabytes invokes nothing
            tree.refuse(name, data)
        return None

    own = (path for path in texts if path.startswith(root + os.sep))
    below = (path[len(root) + 1 :].replace(os.sep, "/") for path in own)
    added = [name for name in below if name not in names]
    tree = Tree(root, changed_names(names, added) if added else names, read)
    return tree


def _may_merge(data: bytes, *, is_script: bool) -> bool:
    if mentions_compose(data):
        return True
    return is_script and (
        (b"include" in data and _INCLUDE.search(data) is not None)
        or any(map(_is_of_variable, _OPTION.finditer(data)))
    )


def _is_of_variable(found: re.Match[bytes]) -> bool:
    """Return whether an option may be one of Compose, which a variable has: `$DC -f a.yml`."""
    data, end = found.string, found.start()
    before = data[max(0, end - _LONGEST) : end].rpartition(b"\n")[2]
    if b".y" in found[1]:
        return b"$" in before
    return _VARIABLE.search(before[-100:]) is not None


def mentions_compose(data: bytes) -> bool:
    """Return whether a text may invoke Compose by its name."""
    return any(word in data for word in _WORDS)


def mentions_builds(data: bytes) -> bool:
    """Return whether a text may build or push an image with a container engine."""
    return any(one in data for one in _ENGINES) and _BUILDS.search(data) is not None


def is_image(name: str) -> bool:
    """Return whether a file has the name of a Dockerfile."""
    last = posixpath.basename(name).lower()
    return "dockerfile" in last or "containerfile" in last


def encoded(text: str | bytes) -> bytes:
    """Return the bytes of a text; an editor may send half a surrogate pair."""
    return text.encode("utf-8", "replace") if isinstance(text, str) else text


def tree_before(root: str, change: UndoneChange) -> Tree:
    """Return the tree below a folder as it was before a change."""

    def read(name: str) -> bytes | None:
        path = f"{root}/{name}"
        if change.changes(path):
            return change.content(path)
        data = read_regular(path) if name in there else None
        return None if isinstance(data, Refusal) else data

    above = f"{root}/"
    gone = (path.replace(os.sep, "/") for path, one in change.entries.items() if one is not None)
    below = (path.removeprefix(above) for path in gone if path.startswith(above))
    kept = (name for name in below if not _is_ignored(name))
    there = changed_names(names_on_disk(root), kept, lambda name: change.changes(above + name))
    return Tree(root, there, read)


def tree_of(files: TreeFiles) -> Tree:
    """Return the tree of files that are not on the disk."""
    kept = (name for name in files.listing.entries if not _is_ignored(name))

    def read(name: str) -> bytes | None:
        return files.bytes_of(name) if files.listing.is_file(name) else None

    return Tree(files.root, names_given(kept), read)


def _is_ignored(name: str) -> bool:
    return any(map(is_ignored_folder, name.split("/")[:-1]))


def upwards(folder: str) -> tuple[str, ...]:
    """Return a folder, and those above it up to the root, which is empty."""
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(found)
