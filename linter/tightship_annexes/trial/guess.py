"""A guess of everything that a service needs, from its image, its plain run and its failures.

A guess may name too much: what can be left out is found in one start. What the image
suggests and no plain run can show stays, as do folders that are there to be written to.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import Record, regex
from tightship.values.capability import bounding
from tightship_annexes.trial.hardening import OF_SYSTEM, Hardening
from tightship_annexes.trial.image_files import CALLS
from tightship_annexes.trial.limits import limits_of
from tightship_annexes.trial.observation import ports_of, written_folders

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Any

    from tightship.images.needs import Needs
    from tightship_annexes.trial.hardening import Mechanism
    from tightship_annexes.trial.image_files import ImageFiles
    from tightship_annexes.trial.observation import Observation, Usage


# What a process of root uses to become another user, and to prepare files for it.
_STEP_DOWN = frozenset(("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"))
_OF_FILES = frozenset(("CHOWN", "DAC_OVERRIDE"))
_SESSION = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "SYS_CHROOT")
# Programs that wait, and what their work needs when it comes.
_WAITING = {
    **dict.fromkeys(("cron", "crond", "anacron", "fcron", "atd"), ("SETGID", "SETUID")),
    **dict.fromkeys(("sshd", "dropbear", "vsftpd"), ("AUDIT_WRITE", *_SESSION)),
}
_SETUID = {
    **dict.fromkeys(("ping", "ping4", "ping6", "fping", "traceroute", "arping"), ("NET_RAW",)),
    **dict.fromkeys(("sudo", "doas"), ("AUDIT_WRITE", "DAC_OVERRIDE", "SETGID", "SETUID")),
}
_SCRATCH = ("/run", "/tmp", "/var/cache", "/var/log", "/var/run", "/var/tmp")
_FOR_FILES = ("/app", "/data", "/home/", "/opt/", "/srv/", "/usr/src/", "/var/www/")
_MOST_FOLDERS = 6
_MOST_SUGGESTED = 4
_FREE = 1024  # ports from here on need no capability; servers of UDP often keep it for others
# As files of facts have it: `/etc:/x` would mount another path, and `/****` hides a secret.
_MOUNTABLE = regex(r"/[^\s:,$*]*")

# containers.conf(5), `default_capabilities`.
_OF_PODMAN = (
    *("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE", "SETFCAP"),
    *("SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
BOUNDING = "BoundingCaps"
"""The key, in what is known of a container of Podman, for its bounding set."""


def _nothing(_path: str) -> bool:
    """Return that an image has no files."""
    return False


class Guess(Record):
    """What a service is likely to need.

    ``had`` are the capabilities that it has plain. ``suggested`` are capabilities that
    stay, exercised or not, and ``optional`` paths of ``hardening`` that may be needless.
    ``brings`` tells whether the image has files below a path, so that no volume may be there,
    and ``among`` says, as a clause, what is written beside such files, or is empty.
    ``kept`` says what stays though it was not exercised, and ``left`` why a mechanism is
    not tried, as clauses.
    """

    hardening: Hardening
    had: frozenset[str]
    suggested: Mapping[str, str] = {}
    optional: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    left: Mapping[str, str] = {}
    brings: Callable[[str], bool] = _nothing
    among: str = ""

    def without_each(self, own: frozenset[str]) -> list[str]:
        """Return the capabilities without which copies run, sorted.

        What stays in any case is among them, unless it is much: it may be exercised.
        """
        much = len(self.suggested) > _MOST_SUGGESTED
        return sorted(own - self.suggested.keys() if much else own)


class Plain(Record):
    """What is known of a service after its plain run.

    ``made`` are the folders that it made in those of the system. ``bounds`` are those of each
    copy; ``is_probed`` tells whether probes of the user worked. ``calls`` are functions that need
    a capability, by the program of root that names them.
    """

    about: Mapping[str, Any]
    seen: Observation
    changed: Mapping[str, str]
    usage: Usage
    files: ImageFiles
    needs: Needs | None = None
    bounds: Mapping[str, int] = {}
    is_probed: bool = False
    made: frozenset[str] = frozenset()
    calls: Mapping[str, Collection[str]] = {}

    @property
    def programs(self) -> set[str]:
        """Return the names of its programs."""
        return {program for _, program in self.seen.processes}

    @property
    def users(self) -> set[int]:
        """Return the users of its processes, as in the image."""
        return {user - self.files.first_user for user, _ in self.seen.processes}

    @property
    def programs_of_root(self) -> set[str]:
        """Return the names of the programs that run as root."""
        return {name for user, name in self.seen.processes if user == self.files.first_user}

    @property
    def udp_ports(self) -> list[int]:
        """Return the UDP ports that the image and the project say are open."""
        return ports_of(self.about, "udp")

    @property
    def optional(self) -> frozenset[str]:
        """Return the paths that are written, and need not be writable."""
        writes = (self.needs.writes if self.needs else None) or ()
        return frozenset(write.path for write in writes if write.optional)

    @property
    def is_root(self) -> bool:
        """Return whether its first process is root."""
        user = str(self.about["Config"].get("User") or "root").partition(":")[0]
        return user in ("root", "0")


def guessed(plain: Plain) -> Guess:
    """Return a guess for a service."""
    had = _had(plain.about)
    suggested = {name: why for name, why in _suggested(plain, had) if name in had}
    left: dict[Mechanism, str] = {}
    users = plain.users
    # What runs shows whether it works without; a setuid program only while it runs as root, since
    # one that has gone back to its user, such as a mail server, gains root again by itself.
    gaining = [
        one
        for one in plain.files.gaining(plain.programs)
        if posixpath.basename(one.path)
        not in (plain.programs if one.capabilities else plain.programs_of_root)
    ]
    if gaining and users - {0}:
        left["setuid programs"] = f"`{gaining[0].path}` gains privileges, which was not exercised"
    elif not plain.files.is_known:
        left["setuid programs"] = "the files of its image could not be read"
    fact = plain.needs.read_only if plain.needs else None
    if fact is not None and not fact.works:
        left["root file system"] = fact.why
    paths = _Paths(plain)
    odd = next((one for one in paths.written if not _MOUNTABLE.fullmatch(one)), None)
    if odd is not None:
        left["root file system"] = f"it writes to `{odd}`, a path that is not mounted"
    limits = limits_of(plain)
    hardening = Hardening(
        capabilities=(_capabilities(plain, users) & had) | suggested.keys(),
        read_only=True,
        scratch=paths.scratch,
        data=paths.data,
        no_new_privileges=True,
        memory=limits.memory,
        processes=limits.processes,
    ).without(left)
    kept = [f"{name}: {why}" for name, why in sorted(suggested.items())]
    kept += [f"`{path}` is writable: it is there to be filled" for path in paths.suggested]
    why = dict[str, str](left.items())
    brings, among = plain.files.brings, paths.among
    return Guess(hardening, had, suggested, paths.optional, (*kept,), why, brings, among)


def _had(about: Mapping[str, Any]) -> frozenset[str]:
    known = about.get(BOUNDING)
    if known is not None:
        return frozenset(known or _OF_PODMAN)
    host = about["HostConfig"]
    return bounding(host.get("CapAdd") or (), host.get("CapDrop") or (), bool(host["Privileged"]))


def _capabilities(plain: Plain, users: set[int]) -> frozenset[str]:
    """Return the capabilities that the processes are likely to use, had or not."""
    if not plain.is_root:
        return frozenset()
    if plain.needs is not None and plain.needs.capabilities is not None:
        switches = frozenset(("SETGID", "SETUID")) if users - {0} else frozenset[str]()
        return switches | {fact.name for fact in plain.needs.capabilities}
    if users - {0}:
        more = ["SETPCAP"] if plain.files.starts_with("setpriv") else []
        more += ["NET_BIND_SERVICE"] if any(port < _FREE for port in plain.udp_ports) else []
        return _STEP_DOWN.union(more, ["KILL"] if 0 in users else [])
    writes = plain.about.get("Mounts") or plain.changed
    return _OF_FILES if writes else frozenset()


def _suggested(plain: Plain, had: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield capabilities for what waits or may be called, each with the reason."""
    for _user, program in sorted(plain.seen.processes):
        for name in _WAITING.get(program, ()):
            yield name, f"`{program}` runs, and its work was not exercised"
    # What a server does for each client shows only while it has some.
    for program, functions in sorted(plain.calls.items()) if not plain.is_probed else ():
        for function in sorted(functions):
            yield CALLS[function], f"`{program}` can call `{function}`, which was not exercised"
    for one in plain.files.gaining(plain.programs):
        names = one.capabilities
        if one.as_root:
            names = _SETUID.get(posixpath.basename(one.path), (*had,))
        for name in names:
            yield name, f"`{one.path}` has it, and may not have been exercised"


class _Paths:
    """The paths that have to be writable, as items of `tmpfs` and as volumes."""

    def __init__(self, plain: Plain) -> None:
        self._files = plain.files
        self._is_podman = BOUNDING in plain.about
        mounts = (mount["Destination"] for mount in plain.about.get("Mounts") or ())
        self._taken = [*mounts, *(plain.about["HostConfig"].get("Tmpfs") or ())]
        scratch, data, optional = dict[str, str](), list[str](), list[str]()
        # The engine's list misses files that are unlinked at once.
        always = [
            one for one in ("/tmp", "/var/tmp") if one == "/tmp" or plain.files.is_folder(one)
        ]
        self.written = written = {*always, *_written(plain)} - plain.optional
        for write in (plain.needs.writes if plain.needs else None) or ():
            is_scratch = write.kind != "data" and not write.optional
            if is_scratch and not self._is_covered(write.path):
                scratch[write.path] = ":".join((write.path, ",".join(write.options))).strip(":")
        for path in sorted(written):
            if path in OF_SYSTEM or self._is_covered(path) or any(_is_in(path, o) for o in scratch):
                continue
            is_brief = path.startswith(_BELOW) and self._files.is_empty(path)
            if path in _SCRATCH or is_brief or self._files.is_of_logs(path):
                scratch[path] = self._item(path)
            elif not self._files.brings(path):
                data.append(path)
                is_mixed = self._files.brings(posixpath.dirname(path))
                optional += [path] if is_mixed or not self._files.is_empty(path) else []
        self.among = self._among(plain.changed, [*scratch, *data])
        certain = [*scratch, *(one for one in data if one not in optional)]
        self.suggested = self._suggested(plain, certain)
        # A folder may be needless where those in it are not.
        data = [
            one
            for one in data
            if one not in optional or not any(_is_in(path, one) for path in self.suggested)
        ]
        brief = {one: self._item(one) for one in self.suggested if one.startswith(_BELOW)}
        self.scratch = (*scratch.values(), *brief.values())
        self.data = (*_outermost([*data, *(one for one in self.suggested if one not in brief)]),)
        self.optional = tuple(one for one in optional if one in {*self.data} - {*self.suggested})

    def _suggested(self, plain: Plain, certain: list[str]) -> list[str]:
        """Return the folders that are there to be filled and not in ``certain`` ones."""
        folder = plain.about["Config"].get("WorkingDir") or "/"
        above = (*_FOR_FILES, f"{folder}/") if folder not in OF_SYSTEM else _FOR_FILES
        state = self._files.state_folders(plain.users - {0}, plain.programs)
        return [
            path
            for path in (*state, *self._files.empty_folders(above))
            if _MOUNTABLE.fullmatch(path)
            and not self._is_covered(path)
            and not any(_is_in(path, one) for one in certain)
        ][: _MOST_FOLDERS + len(state)]

    def _among(self, changed: Mapping[str, str], writable: Iterable[str]) -> str:
        """Return what is written next to files of the image, as a clause with the way out."""
        covers = [*writable, *self._taken]
        for path in sorted(changed.keys() - {posixpath.dirname(one) for one in changed}):
            is_free = any(_is_in(path, one) for one in covers)
            if not is_free and self._files.brings(posixpath.dirname(path)):
                return (
                    f"it writes `{path}` next to files of the image, which a volume there would hide"
                    " from updates; the Dockerfile can make a folder for it, or a link"
                )
        return ""

    def _is_covered(self, path: str) -> bool:
        return any(_is_in(path, one) for one in self._taken)

    def _item(self, path: str) -> str:
        options = () if path in ("/tmp", "/var/tmp") else self._files.ownership(path)
        if options and self._is_podman:
            options = ("mode=1777",)  # it knows no `uid`
        return ":".join((path, ",".join(options))) if options else path


def _written(plain: Plain) -> Iterator[str]:
    """Yield the folders that were written; beside files of the image, those that were made."""
    for folder in written_folders(plain.changed):
        made = [one for one in sorted(plain.made) if posixpath.dirname(one) == folder]
        is_mixed = folder in OF_SYSTEM or plain.files.brings(folder)
        yield from (is_mixed and made) or (folder,)


_BELOW = tuple(f"{path}/" for path in _SCRATCH)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _outermost(places: Iterable[str]) -> list[str]:
    found = list[str]()
    for path in sorted(set(places)):
        if not any(_is_in(path, one) for one in found):
            found.append(path)
    return found
