"""The files of a repository, for readers that look for invocations of Compose in them."""

from __future__ import annotations

import os
import posixpath
from itertools import islice

from tightship.engine.disk.regular import Refusal, is_binary, is_junction, read_regular
from tightship.engine.disk.root import holds, is_ignored_folder
from tightship.lazy import Record, lazy_property, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Literal

    from tightship.engine.disk.git_tree import TreeFiles, UndoneChange

MAX_BYTES = 1_000_000
"""The size of the largest file that is searched for invocations."""

_MOST_NAMES = 200_000
_MOST_FILES = 20_000
_MOST_BYTES = 100_000_000
_MOST_COMMANDS = 20_000
_SPENT = (
    f"only the first {_MOST_COMMANDS:,} commands of scripts were followed: a file that a later"
    " command merges over others is checked as a separate project"
)
_WORDS = (b"ompose", b"OMPOSE", b"stack deploy")
_OPTIONS = (b" -f ", b"--file", b"include ")
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
    """The text of a file, and whether it may merge Compose files, and build or push images."""

    text: str
    may_merge: bool
    may_build: bool


_NOTHING = Text("", False, False)


class Tree:
    """Files by their names: relative to the root, with ``/``.

    ``files_read`` counts the files that were read; ``yaml`` are the names of YAML files.
    """

    def __init__(
        self, root: str, names: Iterable[str], read: Callable[[str], bytes | None]
    ) -> None:
        """Hold the files below an absolute path; ``read`` gives the bytes of one.

        It gives None for a file that cannot be read, or that is a link.
        """
        self.root = root.replace(os.sep, "/")
        self._left_out = dict[str, Unread]()
        self.files_read = 0
        self._bytes_read = 0
        self._commands = 0
        self._read = read
        self._texts = dict[str, Text]()
        self._included = dict[str, Text]()
        self.names = dict.fromkeys(islice(names, _MOST_NAMES + 1))
        if len(self.names) > _MOST_NAMES:
            self.leave(".", f"only {_MOST_NAMES:,} files were looked at")
        self.folders = _folders(self.names)
        self.yaml = [name for name in self.names if name.endswith((".yml", ".yaml"))]

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return f"{self.root}/{name}" if name else self.root

    def has(self, path: str) -> bool:
        """Return whether there is a file at an absolute path in the tree."""
        return path[len(self.root) + 1 :] in self.names

    @lazy_property
    def images(self) -> list[str]:
        """Return the names of the Dockerfiles; without one, no build is looked for."""
        return [*filter(is_image, self.names)]

    def text(self, name: str, *, is_script: bool = False) -> Text:
        """Return the text of a file that may merge Compose files or build images.

        A script may invoke Compose without its name: by a variable of one that it includes,
        or that runs it. The text is read once, and kept until it is dropped.
        """
        if name not in self._texts:
            self._texts[name] = self._looked_at(name, is_script=is_script)
        return self._texts[name]

    def drop(self, name: str) -> None:
        """Keep of a file only what it may have, after it was parsed."""
        self._texts[name] = self._texts[name].replaced(text="")

    def may_have_command(self, name: str) -> bool:
        """Return whether a file may have commands, or has not been read."""
        found = self._texts.get(name)
        return found is None or found.may_merge or found.may_build

    def included(self, name: str, *, is_script: bool = False) -> Text:
        """Return the text of a file that another one includes; of a missing one, nothing."""
        if name not in self._included:
            is_there = name in self.names
            found = self._looked_at(name, is_script=is_script) if is_there else _NOTHING
            self._included[name] = found
        return self._included[name]

    def _looked_at(self, name: str, *, is_script: bool) -> Text:
        if self.files_read >= _MOST_FILES or self._bytes_read >= _MOST_BYTES:
            self.leave(".", f"only {self.files_read:,} files were searched for invocations")
            return _NOTHING
        data = self._read(name)
        self.files_read += 1
        if data is None:
            return _NOTHING
        self._bytes_read += len(data)
        may_merge = mentions_compose(data) or (is_script and any(one in data for one in _OPTIONS))
        may_build = bool(self.images) and mentions_builds(data) and not is_image(name)
        if b"\0" in data or not (may_merge or may_build):
            return _NOTHING
        if len(data) > MAX_BYTES:
            self.leave(name, f"has more than {MAX_BYTES:,} bytes, so its end is not searched")
            data = data[:MAX_BYTES]
        text = data.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff")
        return Text(text, may_merge, may_build)

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


def tree_on_disk(
    root: str, buffers: Mapping[str, str | bytes] | None = None, names: Iterable[str] | None = None
) -> Tree:
    """Return the tree below a folder, an absolute path without links, or of some ``names``.

    Texts in ``buffers``, by absolute path, replace those on the disk. No link is followed.
    """
    texts = {
        path[len(root) + 1 :].replace(os.sep, "/"): encoded(text)
        for path, text in (buffers or {}).items()
        if path.startswith(root + os.sep)
    }

    def read(name: str) -> bytes | None:
        found = texts.get(name)
        if found is None:
            path = f"{root}/{name}"
            data = read_regular(path)
            if not isinstance(data, Refusal):
                return data
            if not is_binary(path):  # a program of many megabytes invokes nothing
                tree.refuse(name, data)
        return found

    found = _names_on_disk(root) if names is None else names
    tree = Tree(root, {**dict.fromkeys(found), **dict.fromkeys(texts)}, read)
    return tree


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
        data = read_regular(path)
        return None if isinstance(data, Refusal) else data

    above = f"{root}/"
    gone = (path.replace(os.sep, "/") for path, one in change.entries.items() if one is not None)
    below = (path.removeprefix(above) for path in gone if path.startswith(above))
    kept = (name for name in below if not any(map(is_ignored_folder, name.split("/")[:-1])))
    there = (name for name in _names_on_disk(root) if not change.changes(above + name))
    return Tree(root, [*there, *kept], read)


def tree_of(files: TreeFiles) -> Tree:
    """Return the tree of files that are not on the disk."""
    names = files.listing.entries
    kept = (name for name in names if not any(map(is_ignored_folder, name.split("/")[:-1])))

    def read(name: str) -> bytes | None:
        return files.bytes_of(name) if files.listing.is_file(name) else None

    return Tree(files.root, kept, read)


def names_in(root: str, folders: Iterable[str]) -> Iterator[str]:
    """Yield the names of the files and links right in some folders at or below a root."""
    for folder in dict.fromkeys(filter(lambda one: holds(root, one), folders)):
        try:
            with os.scandir(folder) as found:
                paths = sorted(one.path for one in found if not one.is_dir(follow_symlinks=False))
        except OSError:
            continue
        yield from (os.path.relpath(one, root).replace(os.sep, "/") for one in paths)


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


def upwards(folder: str) -> tuple[str, ...]:
    """Return a folder, and those above it up to the root, which is empty."""
    found = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(found)
