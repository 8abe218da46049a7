"""The files of a container's image, as a new container has them."""

from __future__ import annotations

import posixpath
import tarfile
from collections import Counter

from tightship.frontends.image_archive.archive import (
    ArchivedImage,
    ArchiveError,
    Bounds,
    ImageConfig,
    Part,
)
from tightship.frontends.image_archive.file_system import FileSystem
from tightship.lazy import Record, lazy_property, regex
from tightship_annexes.trial.copy import LABEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import IO, Any

    from tightship_annexes.trial.engine import Engine

_TYPE = 156  # the place of the type in a header of tar
_LAYER = "copy"
_CHUNK = 1 << 20
_MAPPED = 1 << 16  # no user of an image has a larger number
# Programs of the base system with which nobody gains anything without a password, or without
# another program that runs (`crontab`).
_USUAL = frozenset((
    *("batch", "chage", "crontab", "chfn", "chsh", "expiry", "gpasswd", "login", "mount", "newgidmap", "newgrp"),
    *("newuidmap", "passwd", "pam_timestamp_check", "ssh-agent", "su", "umount", "unix_chkpwd"),
    *("wall", "write", "unix_update", "sg", "dotlockfile", "ssh-keysign"),
    "dbus-daemon-launch-helper", "utempter",
))  # fmt: skip


_OF_PATH = ("bin", "sbin")
# Whom these serve is written down: in a script, or beside the rules that each package brings.
_ASKED = frozenset(("sudo", "doas"))
_RULES, _README = ("etc/sudoers.d/", "etc/doas"), "etc/sudoers.d/README"
_OF_PACKAGES = ("bin/", "etc/", "lib/", "sbin/", "usr/", "var/")
_STATE = ("/var/spool/", "/var/lib/", "/var/cache/", "/var/log/")
CALLS = {
    "chroot": "SYS_CHROOT",
    **dict.fromkeys(("initgroups", "setegid", "setgid", "setgroups", "setregid", "setresgid"), "SETGID"),
    **dict.fromkeys(("seteuid", "setresuid", "setreuid", "setuid"), "SETUID"),
}  # fmt: skip
"""Functions of the C library that need a capability."""

# They have all such functions for the programs that they run or read.
_GENERAL = (
    "bash",
    "busybox",
    "dash",
    "java",
    "lua",
    "node",
    "perl",
    "php",
    "python",
    "ruby",
    "tini",
)
_LOGS = "/var/log/"
_MOST_BESIDE = 4
_SHORT = 3  # such names are of anything
_OF_APT = ("/var/cache/apt/", "/var/lib/apt/")
_NAME = 15  # the kernel's longest name of a process
_LARGEST_PROGRAM, _MOST_LIBRARIES = 1 << 26, 40
_BUSYBOX = b"BusyBox v"
_LIBRARY = regex(rb"lib[\w.+-]+\.so[\w.]*")
_COMMON = regex(r"(usr/(local/)?)?lib(32|64)?(/[\w-]+-linux-\w+)?")
# Files that only keep a folder in Git or in an image.
_KEEPERS = frozenset((".gitkeep", ".keep", ".placeholder"))


class Gaining(Record):
    """A program that gains privileges: by file capabilities, as root, or else as a group."""

    path: str
    capabilities: tuple[str, ...]
    as_root: bool


class _Stream(Part):
    """The output of a command, as a file that goes forwards only."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._at, self._last = 0, b""
        self._again = b""

    def seek(self, place: int) -> None:
        # The first bytes, which tell the kind of compression, are read again.
        if place == self._at - len(self._last):
            self._again, self._at = self._last, place
        while self._at < place and self.read(min(place - self._at, _CHUNK)):
            pass

    def read(self, count: int = -1) -> bytes:
        again, self._again = self._again[:count], self._again[count:]
        self._last = again + self._stream.read(count - len(again))
        self._at += len(self._last)
        return self._last


class _Copied:
    """Has the one layer of a file system that is copied out of a container."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.bounds = Bounds()
        self._stream = _Stream(stream)

    def member(self, _name: str) -> Part:
        return self._stream


class ImageFiles:
    """The files of an image, as far as one of its containers shows them.

    ``is_known`` is false if that could not be read: then no file is known.
    """

    def __init__(self, image: ArchivedImage, files: FileSystem | None) -> None:
        self.image = image
        self._files = files
        self.is_known = files is not None

    def starts_with(self, program: str) -> bool:
        """Return whether a script that the container starts names a program."""
        config = self.image.config
        own = {posixpath.basename(word) for word in (*config.entrypoint, *config.command)}
        texts = self._files.texts.items() if self._files is not None else ()
        return any(
            program.encode() in text for path, text in texts if posixpath.basename(path) in own
        )

    def _is_called(self, program: str) -> bool:
        """Return whether the image shows that something calls `sudo` or `doas`."""
        config, own = self.image.config, self._files
        words = " ".join((*config.entrypoint, *config.command)).split()
        return (
            program in words
            or self.starts_with(program)
            or own is None
            or any(one.startswith(_RULES) and one != _README for one in own.files)
            or b"NOPASSWD" in own.texts.get("etc/sudoers", b"")
            or any(program.encode() in own.texts[p] for p in own.texts if not _is_packaged(p))
        )

    def state_folders(self, users: Collection[int], programs: Collection[str]) -> list[str]:
        """Return the outermost folders for spool, state, cache and logs, without files.

        They are those of users; where only root runs, those of anybody else, and those that are
        named after a program of it.
        """
        own = self._files.files if self._files is not None else {}
        found = list[str]()
        for path, one in sorted(own.items()):
            place, last = f"/{path}", found[-1] if found else "/"
            owners = {one.uid - self.first_user, one.gid - self.first_user} - {0}
            is_own = (
                bool(owners) or _is_of(path, programs)
                if not users
                else not owners.isdisjoint(users)
            )
            if (
                is_own
                and one.kind == "folder"
                and path not in self._holding
                and place.startswith(_STATE)
                and not place.startswith((f"{last}/", *_OF_APT))
            ):
                found.append(place)
        # Many in one place are parts of data that the image has there already.
        own_places = Counter(posixpath.dirname(one) for one in found)
        return [one for one in found if own_places[posixpath.dirname(one)] <= _MOST_BESIDE]

    @lazy_property
    def _filled(self) -> frozenset[str]:
        """Return the folders that hold something."""
        own = self._files.files if self._files is not None else ()
        return frozenset(map(posixpath.dirname, own))

    @lazy_property
    def first_user(self) -> int:
        """Return the number that root has outside: 0, unless the engine maps users."""
        own = self._files.files.values() if self._files is not None else ()
        least = min((one.uid for one in own), default=0)
        return least if least >= _MAPPED else 0

    @lazy_property
    def _holding(self) -> frozenset[str]:
        """Return the folders with files or links, also in folders below."""
        found = set[str]()
        for path, one in (self._files.files if self._files is not None else {}).items():
            if one.kind != "folder" and posixpath.basename(path) not in _KEEPERS:
                while (path := posixpath.dirname(path)) and path not in found:
                    found.add(path)
        return frozenset(found)

    def brings(self, path: str) -> bool:
        """Return whether the image has files below a path, which a volume would hide for good.

        A new volume gets them, and keeps them when a later image has others. So it is if the
        files are not known.
        """
        return not self.is_known or path.strip("/") in self._holding

    def is_empty(self, path: str) -> bool:
        """Return whether a path is a folder that holds nothing, or is not there."""
        return self.is_known and path.strip("/") not in self._filled

    def is_of_logs(self, path: str) -> bool:
        """Return whether a path is a folder of logs, which nobody misses: without other folders."""
        own = self._files.files.items() if self._files is not None else ()
        inner = f"{path.strip('/')}/"
        is_flat = not any(one.kind != "file" for name, one in own if name.startswith(inner))
        return path.startswith(_LOGS) and is_flat

    def is_folder(self, path: str) -> bool:
        """Return whether the image has a folder at a path."""
        status = self._files.files.get(path.strip("/")) if self._files is not None else None
        return status is not None and status.kind == "folder"

    def ownership(self, path: str) -> tuple[str, ...]:
        """Return the options with which a tmpfs is owned as the folder that it hides."""
        status = self._files.files.get(path.strip("/")) if self._files is not None else None
        if status is None or status.kind != "folder":
            return ("mode=1777",)
        uid, gid = status.uid - self.first_user, status.gid - self.first_user
        if not uid and not gid:
            return ()
        return f"uid={uid}", f"gid={gid}", f"mode={status.mode & 0o7777:o}"

    def empty_folders(self, above: tuple[str, ...]) -> list[str]:
        """Return the empty folders of the image below some folders, sorted."""
        own = self._files.files if self._files is not None else {}
        return sorted(
            f"/{path}"
            for path, one in own.items()
            if one.kind == "folder" and path not in self._filled and f"/{path}".startswith(above)
        )

    def programs(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        """Yield names and paths of programs with these names, and of their helpers.

        Interpreters are left out.
        """
        for path, one in (self._files.files if self._files is not None else {}).items():
            folder, name = posixpath.split(path)
            is_named = folder.endswith(_OF_PATH) and name[:_NAME] in names
            is_program = one.kind == "file" and one.mode & 0o111 and not name.startswith(_GENERAL)
            if is_program and (is_named or _is_of(folder, names)):
                yield name, f"/{path}"

    @lazy_property
    def libraries(self) -> Mapping[str, str]:
        """Return the paths of libraries that are in folders of single programs, by their names."""
        return {
            posixpath.basename(path): f"/{path}"
            for path in (self._files.files if self._files is not None else ())
            if ".so" in path and not _COMMON.fullmatch(posixpath.dirname(path))
        }

    def gaining(self, running: Collection[str]) -> Iterator[Gaining]:
        """Yield the programs that gain privileges, without those of each base system.

        A helper outside of `PATH` is for the program that its folder is named after: it
        counts where that is among the running ones.
        """
        from tightship.values.capability import ALL_CAPABILITIES

        for path, one in (self._files.files if self._files is not None else {}).items():
            if one.kind != "file" or not one.mode & 0o111:
                continue
            above = posixpath.dirname(path).split("/")
            if above[-1] not in _OF_PATH and not any(name in above for name in running):
                continue
            name = posixpath.basename(path)
            if name in _ASKED and name not in running and not self._is_called(name):
                continue
            held = one.capabilities
            names = tuple(one for bit, one in enumerate(ALL_CAPABILITIES) if held >> bit & 1)
            if names or (one.mode & 0o6000 and name not in _USUAL):
                yield Gaining(
                    f"/{path}", names, bool(one.mode & 0o4000 and one.uid == self.first_user)
                )


def _is_of(path: str, programs: Collection[str]) -> bool:
    """Return whether a folder on a path has the name of a program, as `cups` has for `cupsd`."""
    parts = tuple(part for part in path.split("/")[2:] if len(part) > _SHORT)
    return bool(parts) and any(one.startswith(parts) for one in programs)


def _is_packaged(path: str) -> bool:
    return path.startswith(_OF_PACKAGES) and not path.startswith("usr/local/")


def image_files(
    engine: Engine, about: Mapping[str, Any], image: Mapping[str, Any], label: str
) -> ImageFiles:
    """Return the files of a container's image, from one that never runs.

    Its content is copied: `docker export` leaves a layer on the disk of the engine that nothing
    removes (moby 48516).

    Args:
        engine: has the container.
        about: what it knows of the container.
        image: what it knows of the image.
        label: the value of the label of the run.

    """
    archived = _archived(about, image)
    own = ("--label", f"{LABEL}={label}", "--network", "none", "--pull", "never")
    made = engine.docker("create", *own, "--entrypoint", "/none", about["Image"], "none")
    if not made.is_done:
        return ImageFiles(archived, None)
    container = made.out.strip()
    try:
        with engine.reading("cp", f"{container}:/", "-") as stream:
            source: Any = _Copied(stream)
            return ImageFiles(archived, FileSystem(source, archived))
    except ArchiveError:
        return ImageFiles(archived, None)
    finally:
        engine.docker("rm", "-f", "-v", container)


def calls(engine: Engine, container: str, path: str, files: ImageFiles) -> frozenset[str]:
    """Return which functions of ``CALLS`` a program names, or a library of its own."""
    found, paths, seen = set[str](), [path], set[str]()
    while paths and len(seen) < _MOST_LIBRARIES:
        seen.add(path := paths.pop())
        with engine.reading("cp", f"{container}:{path}", "-") as stream:
            data = stream.read(_LARGEST_PROGRAM)
        if _BUSYBOX in data:  # under any of its names
            continue
        found.update(name for name in CALLS if f"{name}\0".encode() in data)
        own = (files.libraries.get(one.decode()) for one in _LIBRARY.findall(data))
        paths += {one for one in own if one and one not in (*seen, *paths)}
    return frozenset(found)


def is_folder(engine: Engine, container: str, path: str) -> bool:
    """Return whether a container has a folder at a path."""
    with engine.reading("cp", f"{container}:{path}", "-") as stream:
        header = stream.read(tarfile.BLOCKSIZE)
    return header[_TYPE : _TYPE + 1] == tarfile.DIRTYPE


def _archived(about: Mapping[str, Any], image: Mapping[str, Any]) -> ArchivedImage:
    """Return the image with what the container starts of it."""
    own = about["Config"]
    config = ImageConfig(
        own.get("User") or "root",
        tuple(own.get("Entrypoint") or ()),
        tuple(own.get("Cmd") or ()),
        tuple(own.get("ExposedPorts") or ()),
        tuple(own.get("Volumes") or ()),
        tuple(own.get("Env") or ()),
        own.get("WorkingDir") or "",
    )
    platform = f"{image.get('Os', 'unknown')}/{image.get('Architecture', 'unknown')}"
    names = tuple(image.get("RepoTags") or ())
    return ArchivedImage(names, about["Image"], platform, config, (_LAYER,))
