"""The facts about an image that its archive shows: its configuration and its files."""

from __future__ import annotations

import posixpath

from tightship.frontends.image_archive.file_system import USER, archived_stage
from tightship.images import facts
from tightship.images.conditions import AS_ROOT, CONFIGURED
from tightship.isolation.accounts import switched_users
from tightship.isolation.built_image_needs import heaps, machine_memory
from tightship.isolation.entrypoint_script import Startup
from tightship.isolation.unprivileged_writes import RUN_NAMES
from tightship.isolation.user import names_root
from tightship.lazy import TYPE_CHECKING, lazy_property, regex
from tightship.values.capability import ALL_CAPABILITIES
from tightship.values.image import parse
from tightship.values.port import exposed_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.frontends.image_archive.archive import ArchivedImage
    from tightship.frontends.image_archive.file_system import FileStatus, FileSystem

_SETUID, _SETGID = 0o4000, 0o2000
# The engine mounts its own file systems there.
_MOUNTED = ("dev", "proc", "sys")
# Programs of the system that ask for a password, or do nothing for a user without rights
# (packages login, passwd, mount, util-linux and pam of Debian, Alpine and Fedora).
_ASKING = frozenset((
    "bsd-write", "chage", "chfn", "chsh", "expiry", "gpasswd", "mount", "newgrp", "pam_timestamp_check",
    "passwd", "ssh-agent", "su", "umount", "unix_chkpwd", "wall", "write", "write.ul",
))  # fmt: skip
_OF_SYSTEM = ("bin", "sbin", "usr/bin", "usr/sbin")
_PASSWORDS = ("etc/passwd", "etc/shadow")
# Folders whose content is made again.
_SCRATCH = ("tmp", "var/tmp", "run", "var/run")
# A folder for the locks of devices, that everybody may write to and programs do not need.
_UNNEEDED = ("run/lock",)
_MOST_WRITABLE = 20
_MOST_NAMED = 20
# Other characters have a meaning in an item of `tmpfs` and `volumes`, or on a terminal.
_PATH = regex(r"/[\w./@%+=~#-]+")
_SIZE = regex(r"\d+[kmgKMG]")
_ACCOUNT = regex(r"(?a)[\w.-]+\$?")
_MAY_WRITE = "the user of its processes may write there"


def archived_family(image: ArchivedImage, files: FileSystem) -> facts.ImageFamily:
    """Return the facts about an image; an aspect that its archive leaves open is unknown."""
    return _Derivation(image, files).family()


class _Derivation:
    def __init__(self, image: ArchivedImage, files: FileSystem) -> None:
        self._image = image
        self._config = image.config
        self._files = files
        self._accounts = _Accounts(files)
        name = image.names[0] if image.names else image.digest[:19]
        self._of_config = facts.derived(f"{name}, its configuration")
        self._of_files = facts.derived(f"{name}, its files")
        self._of_start = facts.derived(f"{name}, its entrypoint")
        self._startup = Startup(archived_stage(image, files))

    def family(self) -> facts.ImageFamily:
        image = self._image
        return facts.ImageFamily(
            tuple(dict.fromkeys(parse(name).familiar for name in image.names)),
            "An image, as its archive shows it",
            holds_for=f"{image.digest} on {image.platform}",
            about=self._about(),
            programs=self._programs(),
            user=self._user(),
            accounts=self._worker(),
            steps_down=self._steps_down(),
            ports=tuple(self._ports()) or None,
            volumes=tuple(facts.Volume(self._of_config, (), path) for path in self._volumes),
            writes=self._writes,
            capabilities=self._capabilities(),
            read_only=self._read_only(),
            new_privileges=self._new_privileges(),
            heap=(sized := tuple(self._heaps())),
            memory=machine_memory(self._of_start) if sized else None,
        )

    def _heaps(self) -> Iterator[facts.Heap]:
        """Yield the settings of a Java program's heap, with the sizes in its configuration."""
        words = (*self._config.entrypoint, *self._config.command)
        parts = (one.partition("=") for one in self._config.variables)
        variables = {name: value for name, _, value in parts}
        for heap in heaps(self._startup, self._of_start):
            given = variables.get(heap.variable, "").split() if heap.variable else words
            sizes = [one.removeprefix(heap.flag) for one in given if one.startswith(heap.flag)]
            size = sizes[-1] if sizes and _SIZE.fullmatch(sizes[-1]) else None
            kind = heap.source, (), heap.variable, heap.flag
            yield facts.Heap(*kind, size, heap.times)

    @lazy_property
    def _is_root(self) -> bool | None:
        """Return whether the first process is root."""
        if not USER.fullmatch(self._config.user):
            return None
        user = self._config.user.partition(":")[0]
        number = self._accounts.number(user)
        return names_root(user) if number is None else number == 0

    @lazy_property
    def _volumes(self) -> list[str]:
        found = (posixpath.normpath(path) for path in self._config.volumes)
        return [path for path in found if _PATH.fullmatch(path)]

    @lazy_property
    def _privileged(self) -> list[str]:
        """Return the paths of the programs that gain privileges, sorted."""
        return sorted(path for path, one in self._files.files.items() if _gains(one))

    @lazy_property
    def _gains(self) -> bool | None:
        """Return whether its processes gain privileges."""
        if not self._privileged:
            return False  # It has no program with which they could.
        if self._startup.gains_privileges(is_root=self._is_root):
            return True
        return None if any(map(self._may_help, self._privileged)) else False

    def _may_help(self, path: str) -> bool:
        """Return whether a privileged program may do something for a user without rights."""
        folder, _, name = path.rpartition("/")
        return folder not in _OF_SYSTEM or name not in _ASKING or self._has_password

    @lazy_property
    def _has_password(self) -> bool:
        """Return whether an account or a group has a password that somebody may know."""
        fields = {row[1] for name in _PASSWORDS for row in _rows(self._files.text(name), 3)}
        groups = {row[1] for row in _rows(self._files.text("etc/gshadow"), 3)} - {""}
        return any(one != "x" and not one.startswith(("*", "!")) for one in fields | groups)

    def _user(self) -> tuple[facts.User, ...] | None:
        user = self._config.user
        return (facts.User(self._of_config, (), user),) if USER.fullmatch(user) else None

    def _programs(self) -> tuple[str, ...]:
        words = self._config.command or self._config.entrypoint
        return tuple(posixpath.basename(word) for word in words[:1])

    @lazy_property
    def _switches(self) -> list[tuple[str, str]]:
        """Return the programs by which the entrypoint surely goes on as another user."""
        startup = self._startup
        if startup.switches_user is not True:
            return []
        return [one for call in (*startup.calls, *startup.served) for one in switched_users(call)]

    def _worker(self) -> tuple[facts.Account, ...] | None:
        """Return the account that does the work, if it is surely one."""
        user = self._config.user.partition(":")[0]
        switched = dict.fromkeys(name.partition(":")[0] for _, name in self._switches)
        names = [user] if self._is_root is False else [*switched]
        found = self._accounts.account(names[0]) if len(names) == 1 else None
        return None if found is None else (facts.Account(self._of_files, (), *found),)

    def _steps_down(self) -> tuple[facts.StepDown, ...] | None:
        startup = self._startup
        if self._is_root is False or startup.switches_user is False:
            return ()
        if startup.switches_user is None:
            return None
        by = " or ".join(f"`{name}`" for name in dict.fromkeys(one for one, _ in self._switches))
        return (facts.StepDown(self._of_start, (AS_ROOT,), by),)

    def _ports(self) -> Iterator[facts.Port]:
        for written in self._config.ports:
            for port in exposed_ports(written):
                yield facts.Port(
                    *(self._of_config, (), port.first, "what EXPOSE says", port.protocol)
                )

    @lazy_property
    def _writes(self) -> tuple[facts.Write, ...] | None:
        """Return where its processes may write, if they are surely of one user."""
        user = self._config.user
        owner = self._accounts.identity(user)
        if self._is_root is not False or self._gains is not False or owner is None:
            return None
        volumes = [path.strip("/") for path in self._volumes]
        found = _outermost(
            path
            for path, one in self._files.files.items()
            if _is_writable(one, *owner) and not _is_below(path, (*_MOUNTED, *_UNNEEDED, *volumes))
        )
        if len(found) > _MOST_WRITABLE or not all(map(self._takes_mount, found)):
            return None
        return tuple(map(self._write, found))

    def _write(self, path: str) -> facts.Write:
        fact = self._of_files, (CONFIGURED,), f"/{path}", _MAY_WRITE
        if not self._is_scratch(path):
            return facts.Write(*fact, "data")
        return facts.Write(*fact, options=("exec", *_ownership(self._files.files[path])))

    def _is_scratch(self, path: str) -> bool:
        user = self._config.user.partition(":")[0]
        is_home = f"/{path}" == self._accounts.homes.get(user)
        return is_home or _is_below(path, _SCRATCH) or posixpath.basename(path) in RUN_NAMES

    def _takes_mount(self, path: str) -> bool:
        """Return whether a mount can be there.

        A tmpfs would hide what a folder holds; a volume gets its folders, and would keep
        its files when those of the image change.
        """
        files = self._files.files
        below = [one for name, one in files.items() if name.startswith(f"{path}/")]
        kept = not self._is_scratch(path) and all(one.kind == "folder" for one in below)
        can_be = files[path].kind == "folder" and (kept or not below)
        return can_be and _PATH.fullmatch(f"/{path}") is not None

    def _read_only(self) -> tuple[facts.ReadOnly, ...] | None:
        if self._writes is None:
            return None
        return (facts.ReadOnly(self._of_files, (), works=True),)

    def _new_privileges(self) -> tuple[facts.NewPrivileges, ...] | None:
        if self._gains is None:
            return None
        why = "its entrypoint calls a setuid program" if self._gains else ""
        source = self._of_start if self._gains else self._of_files
        return (facts.NewPrivileges(source, (), self._gains, why),)

    def _capabilities(self) -> tuple[facts.Capability, ...] | None:
        if self._is_root is None or self._gains is not False:
            return None
        from tightship.isolation.root_steps import REASONS

        # Another user has none of the container's capabilities (capabilities(7), execve).
        names = self._startup.capabilities_as_root if self._is_root else ()
        if names is None:
            return None
        return tuple(
            facts.Capability(self._of_start, (AS_ROOT,), name, REASONS[name]) for name in names
        )

    def _about(self) -> str:
        """Return what it starts, and what in it gains privileges."""
        parts: list[str] = []
        started = {"ENTRYPOINT": self._config.entrypoint, "CMD": self._config.command}
        for instruction, words in started.items():
            if words:
                parts.append(f"`{instruction}` is `{_quoted(words)}`.")
        named = [self._described(path) for path in self._privileged[:_MOST_NAMED]]
        if len(self._privileged) > _MOST_NAMED:
            named.append(f"{len(self._privileged) - _MOST_NAMED} others")
        names = [one.partition("=")[0] for one in self._config.variables][:_MOST_NAMED]
        if shown := ", ".join(f"`{name}`" for name in names if _ACCOUNT.fullmatch(name)):
            parts.append(f"It sets the variables {shown}.")
        if named:
            parts.append(f"These programs of it gain privileges: {', '.join(named)}.")
        else:
            parts.append("No program of it gains privileges.")
        if not self._files.is_whole:
            parts.append("Some of its scripts are too large to be read.")
        return "\n".join(parts)

    def _described(self, path: str) -> str:
        status = self._files.files[path]
        kinds = [*_kinds(status)]
        package = self._packages.get(path)
        of = f" of the package `{package}`" if package else ""
        shown = f"/{path}" if _PATH.fullmatch(f"/{path}") else _quoted(f"/{path}")
        return f"`{shown}`{of} ({', '.join(kinds)})"

    @lazy_property
    def _packages(self) -> dict[str, str]:
        """Return the packages that have the programs that gain privileges."""
        names = {posixpath.basename(path) for path in self._privileged}
        found: dict[str, str] = {}
        for package, path in self._files.packaged():
            if posixpath.basename(path) in names and _ACCOUNT.fullmatch(package):
                place = self._files.resolved(path)
                if place is not None:
                    found.setdefault(place, package)
        return found


class _Accounts:
    """The accounts of an image, by `/etc/passwd` and `/etc/group`."""

    def __init__(self, files: FileSystem) -> None:
        self.by_name: dict[str, tuple[int, int]] = {}
        self.homes: dict[str, str] = {}
        self._groups: dict[str, int] = {}
        self._members: dict[str, list[int]] = {}
        for parts in _rows(files.text("etc/passwd"), 4):
            is_usual = _ACCOUNT.fullmatch(parts[0]) is not None
            if is_usual and parts[2].isdecimal() and parts[3].isdecimal():
                self.by_name.setdefault(parts[0], (int(parts[2]), int(parts[3])))
                for name in (parts[0], parts[2]):
                    self.homes.setdefault(name, parts[5] if len(parts) > 5 else "")
        for parts in _rows(files.text("etc/group"), 4):
            if parts[2].isdecimal():
                self._groups.setdefault(parts[0], int(parts[2]))
                for name in parts[3].split(","):
                    self._members.setdefault(name, []).append(int(parts[2]))

    def number(self, user: str) -> int | None:
        """Return the number of a user, by its name or number."""
        if user.isdecimal():
            return int(user)
        return self.by_name[user][0] if user in self.by_name else None

    def account(self, user: str) -> tuple[str, int, int] | None:
        """Return the name, user and group of an account."""
        if user in self.by_name:
            return (user, *self.by_name[user])
        named = (one for one, (uid, _) in self.by_name.items() if str(uid) == user)
        name = next(named, None)
        return None if name is None else (name, *self.by_name[name])

    def identity(self, user: str) -> tuple[int, frozenset[int]] | None:
        """Return the number of a USER, and those of its groups."""
        name, colon, group = user.partition(":")
        found, number = self.account(name), self.number(name)
        if number is None:
            return None
        if not colon:
            own = found[2] if found is not None else 0
            more = self._members.get(found[0], []) if found is not None else []
            return number, frozenset((own, *more))
        gid = int(group) if group.isdecimal() else self._groups.get(group)
        return None if gid is None else (number, frozenset((gid,)))


def _quoted(value: object) -> str:
    """Return JSON, without characters that act in Markdown or on a terminal."""
    from json import dumps

    return dumps(value).replace("`", "\\u0060").replace("\x7f", "\\u007f")


def _rows(text: str | None, count: int) -> Iterator[list[str]]:
    for line in (text or "").splitlines():
        parts = line.split(":")
        if len(parts) >= count:
            yield parts


def _gains(status: FileStatus) -> bool:
    if status.kind != "file" or not status.mode & 0o111:
        return False
    return bool(status.mode & (_SETUID | _SETGID) or status.capabilities)


def _kinds(status: FileStatus) -> Iterator[str]:
    if status.mode & _SETUID:
        yield "setuid"
    if status.mode & _SETGID:
        yield "setgid"
    for number, name in enumerate(ALL_CAPABILITIES):
        if status.capabilities >> number & 1:
            yield f"`{name}`"


def _is_writable(status: FileStatus, uid: int, gids: frozenset[int]) -> bool:
    """Return whether a user may write a file; the owner decides before the group does."""
    if status.kind not in ("file", "folder"):
        return False
    if status.uid == uid:
        return bool(status.mode & 0o200) or status.kind == "folder"  # It may change the mode.
    return bool(status.mode & (0o020 if status.gid in gids else 0o002))


def _ownership(status: FileStatus) -> tuple[str, ...]:
    """Return the options with which a tmpfs has the owners of the folder that it hides."""
    if status.mode & 0o002:
        return ()
    return (f"uid={status.uid}", f"gid={status.gid}")


def _is_below(path: str, folders: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in folders)


def _outermost(places: Iterable[str]) -> list[str]:
    """Return places without those below others."""
    found: list[str] = []
    for path in sorted(places, key=lambda path: path.split("/")):
        if not found or not _is_below(path, found[-1:]):
            found.append(path)
    return found
