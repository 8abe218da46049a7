"""A seccomp profile in a file of the project, compared with Docker's default."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import TYPE_CHECKING, Record
from tightship.text import Source

if TYPE_CHECKING:
    from typing import Any, Final

    from tightship.isolation.container import Container
    from tightship.isolation.seccomp_filter import Arguments, Filter
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import Setting

# The calls that kernel exploits use most come first where a few are named.
_FIRST = [
    "mount",
    "bpf",
    "unshare",
    "io_uring_setup",
    "userfaultfd",
    "keyctl",
    "perf_event_open",
    "kexec_load",
    "init_module",
    "finit_module",
    "open_by_handle_at",
    "ptrace",
    "clone",
    "clone3",
    "setns",
    "socket",
]
_MOST_NAMED = 2
# Words that are no path of a profile, or that a rule reports by themselves.
_NO_PATHS = ("", "builtin", "default", "unconfined")
# What an argument means to a reader.
_FAMILIES = {38: "AF_ALG", 40: "AF_VSOCK"}
# Those that most hosts have.
_ARCHITECTURES = ("amd64", "arm64")
# Docker's default already names this kernel, which is of 2016.
_OLDEST, _NEWEST = (4, 8), (255, 255)


class RejectedProfile(Record):
    """The reason why a profile is rejected: ``by`` a program, and ``why`` as a clause."""

    by: str
    why: str


class SeccompProfile:
    """A profile, and its difference from the default of the engine, ``engine``.

    ``is_off`` tells that no
    filter is in force, and ``allows_everything`` that the filter stops no call. ``opened``
    are the calls that the profile allows and the default of every engine denies, and
    ``newer`` those that only later engines deny. ``perhaps`` are calls that may be open:
    the host's architecture or kernel, a capability or an agent decides. ``is_stricter``
    tells that the profile denies calls that every default allows.
    """

    __slots__ = (
        "allows_everything",
        "engine",
        "is_off",
        "is_stricter",
        "newer",
        "opened",
        "path",
        "perhaps",
    )

    def __init__(self, path: str, profile: dict[str, Any], container: Container) -> None:
        self.path: Final = path
        self.engine: Final = container.settings.engine
        self.is_off: Final = not profile.get("defaultAction") and not profile.get("syscalls")
        self.allows_everything = self.is_off
        self.opened: tuple[str, ...] = ()
        self.newer: tuple[str, ...] = ()
        self.perhaps: tuple[str, ...] = ()
        self.is_stricter = False
        if not self.is_off:
            self._compare(profile, container)

    def _compare(self, profile: dict[str, Any], container: Container) -> None:
        from tightship.isolation.seccomp_default import architecture_calls, known_calls
        from tightship.isolation.seccomp_filter import Environment, Filter

        known, special = known_calls(), architecture_calls()
        every: list[dict[str, set[str]]] = []
        stricter, stops = True, False
        unknown: set[str] = set()
        for caps in _capabilities(container):
            for arch in _ARCHITECTURES:
                for kernel in _kernels(profile):
                    ours = Filter(profile, Environment(arch, kernel, caps))
                    theirs = _defaults(self.engine, arch, kernel, caps)
                    found, open_ = _open_calls(ours, theirs, known)
                    every.append(found)
                    # A later default may allow a call that is not known here.
                    later = ours.names - known - special
                    unknown |= open_ | {n for n in later if ours.allows(n, {})}
                    stricter = stricter and _denies_more(ours, theirs)
                    stops = stops or not ours.stops_nothing
        self.allows_everything = not stops
        self.is_stricter = stricter
        certain = {n for n in every[0]["all"] if all(n in f["all"] for f in every)}
        some = {n for found in every for n in (*found["all"], *found["newest"])}
        newer = {n for n in some - certain if all(n in f["newest"] for f in every)}
        self.opened = _in_order(certain)
        self.newer = _in_order(newer)
        self.perhaps = _in_order((some | unknown) - certain - newer)

    @property
    def state(self) -> str:
        """Return the difference from the default in a few words."""
        path = self.path
        if self.is_off:
            return f"off: `{path}` has no rules"
        if self.allows_everything:
            return f"{path}, which allows everything"
        if self.opened:
            return f"{path}, allows {named(self.opened)} that {self.engine}'s default denies"
        if self.perhaps:
            return f"{path}, may allow {named(self.perhaps)}"
        if self.newer:
            return f"{path}, allows {named(self.newer)} as engines before 29.4.2 do"
        if self.is_stricter:
            return f"{path}, stricter than {self.engine}'s default"
        return f"{path}, as {self.engine}'s default"


def is_named_default(container: Container) -> bool:
    """Return whether a container names Docker's default, which only Docker itself knows."""
    is_docker = container.settings.program == "Docker"
    return is_docker and container.security.seccomp.is_surely("builtin")


def seccomp_profile(container: Container) -> SeccompProfile | RejectedProfile | None:
    """Return the profile that a container names by a path, or why it is rejected.

    None without such a path, and for a file outside of the project.
    """
    path = container.security.seccomp.value
    if path is None or path.lower() in _NO_PATHS:
        return None
    text = _text(container.settings, path)
    if text is None:
        return None
    profile = _profile(container.settings, text)
    if isinstance(profile, RejectedProfile):
        return profile
    return SeccompProfile(path, profile, container)


def unread_profile(container: Container) -> str:
    """Return why the profile that a container names is not read, if it is not."""
    path, project = container.security.seccomp.value or "", container.project
    if path.lower() in _NO_PATHS or not project.has_folder:
        return ""
    read = project.read(path)
    if isinstance(read, Source) or read.reason in ("missing", "directory"):
        return ""
    return read.message


def unreadable_profiles(container: Container) -> list[tuple[Setting[str], RejectedProfile]]:
    """Return the options with a profile that the program cannot read, but for the last one.

    Compose reads the file of each option, although the engine uses the last one only
    (docker/compose, pkg/compose/create.go, parseSecurityOpts).
    """
    found: list[tuple[Setting[str], RejectedProfile]] = []
    for setting in container.security.every_seccomp[:-1]:
        path = setting.value or ""
        if path.lower() in _NO_PATHS:
            continue
        text = _text(container.settings, path)
        fault = _profile(container.settings, text) if text is not None else None
        if isinstance(fault, RejectedProfile) and fault.by == container.settings.program:
            found.append((setting, fault))
    return found


def named(calls: tuple[str, ...]) -> str:
    """Return the first calls in words, and the number of the others."""
    shown = [f"`{one}`" for one in calls[:_MOST_NAMED]]
    more = len(calls) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(shown)


def _text(service: ContainerSettings, path: str) -> str | RejectedProfile | None:
    if not service.project.has_folder:
        return None
    # Compose starts from the folder of the project (pkg/compose/create.go).
    read = service.project.read(path)
    if isinstance(read, Source):
        return read.text
    if read.reason in ("missing", "directory") and not service.project.is_overlay:
        why = f"{read.message}; create the profile or fix the path"
        return RejectedProfile(service.program, why)
    return None


def _profile(
    service: ContainerSettings, text: str | RejectedProfile
) -> dict[str, Any] | RejectedProfile:
    """Return a profile by its text, or what rejects it: the program, or the engine."""
    from tightship.isolation.seccomp_text import read_profile

    found = text if isinstance(text, RejectedProfile) else read_profile(text)
    if isinstance(found, RejectedProfile):
        by = service.program if found.by == "Compose" else found.by
        return found.replaced(by="Podman" if service.engine == "Podman" else by)
    return found


@lru_cache(maxsize=32)
def _defaults(
    engine: str, architecture: str, kernel: tuple[int, int], capabilities: frozenset[str]
) -> list[Filter]:
    """Return the filters of an engine's default profiles; most profiles meet the same."""
    from tightship.isolation.seccomp_default import ENGINES, PODMAN, default_profile
    from tightship.isolation.seccomp_filter import Environment, Filter

    where = Environment(architecture, kernel, capabilities)
    profiles = (PODMAN,) if engine == PODMAN else ENGINES
    return [Filter(default_profile(one), where) for one in profiles]


def _capabilities(container: Container) -> list[frozenset[str]]:
    """Return the bounding sets that the container may have."""
    from tightship.values.capability import MEANING

    held = container.capabilities
    found = [held.bounding]
    if not held.added.all_decided:
        found.append(frozenset(MEANING))
    if not held.dropped.all_decided:
        found.append(frozenset(held.added_names))
    return found


def _kernels(profile: dict[str, Any]) -> list[tuple[int, int]]:
    """Return a kernel for each side of the versions that the profile names."""
    from tightship.isolation.seccomp_filter import version

    found = {_NEWEST}
    for rule in profile.get("syscalls") or ():
        for key in ("includes", "excludes"):
            condition: dict[str, Any] = (rule.get(key) if rule else None) or {}
            least = condition.get("minKernel")
            if least and version(least) > _OLDEST:
                first, second = version(least)
                found.add((first, second - 1) if second else (first - 1, 255))
    return sorted(found)


def _open_calls(
    ours: Filter, theirs: list[Filter], names: frozenset[str]
) -> tuple[dict[str, set[str]], set[str]]:
    """Return the calls that all defaults deny, and the newest alone; and unknown ones."""
    from tightship.isolation.seccomp_filter import opened

    found: dict[str, set[str]] = {"all": set(), "newest": set()}
    unknown: set[str] = set()
    for name in names:
        against = [opened(ours, one, name) for one in theirs]
        arguments = against[-1][0]
        if arguments is None:
            if not all(decided for _, decided in against):
                unknown.add(name)
        elif all(one is not None for one, _ in against):
            found["all"].add(_call(name, against[0][0] or {}))
        else:
            found["newest"].add(_call(name, arguments))
    return found, unknown


def _call(name: str, arguments: Arguments) -> str:
    """Return a call in words, with the argument that makes the difference."""
    family = _FAMILIES.get(arguments.get(0, 0))
    return f"{name}({family})" if name == "socket" and family else name


def _denies_more(ours: Filter, theirs: list[Filter]) -> bool:
    from tightship.isolation.seccomp_filter import opened

    return any(
        all(opened(one, ours, name)[0] is not None for one in theirs) for name in theirs[0].names
    )


def _in_order(names: set[str]) -> tuple[str, ...]:
    place = {name: at for at, name in enumerate(_FIRST)}
    last = len(_FIRST)
    return tuple(sorted(names, key=lambda n: (place.get(n.partition("(")[0], last), n)))
