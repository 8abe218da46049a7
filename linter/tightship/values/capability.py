"""Linux capabilities, and the set that a container gets."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MEANING: dict[str, str] = {
    "CHOWN": "give files to any user or group",
    "DAC_OVERRIDE": "read, write and run files regardless of their permissions",
    "DAC_READ_SEARCH": "read any file and search any directory, and open files by handle",
    "FOWNER": "act on files as if it owned them",
    "FSETID": "keep set-user-id and set-group-id bits when a file changes",
    "KILL": "send signals to processes of any user",
    "SETGID": "become any group",
    "SETUID": "become any user",
    "SETPCAP": "pass on and give up capabilities",
    "LINUX_IMMUTABLE": "set and clear the immutable and append-only marks of files",
    "NET_BIND_SERVICE": "listen on ports below 1024",
    "NET_BROADCAST": "send broadcasts and listen to multicasts",
    "NET_ADMIN": "configure interfaces, routes and firewalls of its network",
    "NET_RAW": "craft packets of any kind, and so forge addresses of neighbours",
    "IPC_LOCK": "lock memory, so it cannot be swapped out",
    "IPC_OWNER": "use System V shared memory and queues of any user",
    "SYS_MODULE": "load code into the kernel of the host",
    "SYS_RAWIO": "reach memory and devices past the kernel",
    "SYS_CHROOT": "change its root directory, and enter other mount namespaces",
    "SYS_PTRACE": "read and change the memory of other processes",
    "SYS_PACCT": "switch process accounting on and off",
    "SYS_ADMIN": "mount file systems, and administer nearly everything else",
    "SYS_BOOT": "reboot, and load another kernel",
    "SYS_NICE": "take processor time from others, up to real-time priority",
    "SYS_RESOURCE": "go past quotas and resource limits",
    "SYS_TIME": "set the clock of the host",
    "SYS_TTY_CONFIG": "configure terminals and hang them up",
    "MKNOD": "make device files",
    "LEASE": "take leases on any file, and so delay processes that open it",
    "AUDIT_WRITE": "write records into the audit log of the host",
    "AUDIT_CONTROL": "switch auditing of the host on and off and change its rules",
    "SETFCAP": "set file capabilities",
    "MAC_OVERRIDE": "go past mandatory access control (Smack)",
    "MAC_ADMIN": "change the rules of mandatory access control",
    "SYSLOG": "read the kernel's log and the addresses in it",
    "WAKE_ALARM": "set timers that wake the host up",
    "BLOCK_SUSPEND": "keep the host from going to sleep",
    "AUDIT_READ": "read the audit log of the host",
    "PERFMON": "watch performance counters of the whole system",
    "BPF": "load programs into the kernel's BPF machine",
    "CHECKPOINT_RESTORE": "save and restore processes, and choose process ids",
}
"""The meaning of each capability, in the kernel's order."""

ALL_CAPABILITIES: tuple[str, ...] = tuple(MEANING)
"""Every capability, by its number (Linux 6.x, include/uapi/linux/capability.h)."""

DEFAULT_CAPABILITIES = frozenset(
    [
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "NET_RAW",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    ]
)
"""The capabilities of a container by default (moby 26.1.5, oci/caps/defaults.go)."""

_EVERYTHING = frozenset(ALL_CAPABILITIES)


def canonical(name: str) -> str:
    """Return a name in upper case and without ``CAP_``.

    ``CAP_ALL`` stays as it is, because the engine rejects it and takes only ``ALL``
    (moby 26.1.5, oci/caps/utils.go).
    """
    upper = name.upper()
    return upper if upper == "CAP_ALL" else upper.removeprefix("CAP_")


def is_known(name: str) -> bool:
    """Return whether the engine takes a name, in any spelling; it takes ``ALL``."""
    name = canonical(name)
    return name == "ALL" or name in MEANING


def closest(name: str) -> str | None:
    """Return the capability at an edit distance of one, if there is just one."""
    from tightship.values.matching import distance  # few names are wrong

    name = canonical(name)
    near = [known for known in ("ALL", *ALL_CAPABILITIES) if distance(name, known, 2) == 1]
    if name == "CAP_ALL":
        return "ALL"
    return near[0] if len(near) == 1 else None


def bounding(added: Iterable[str], dropped: Iterable[str], privileged: bool) -> frozenset[str]:
    """Return the bounding set of a container: what root and setuid programs get there.

    Drops do not bind a privileged container; ``ALL`` in ``cap_add`` leaves only what
    ``cap_drop`` names one by one; ``ALL`` in ``cap_drop`` leaves what ``cap_add``
    names; else an addition beats a drop (moby 26.1.5, oci/caps/utils.go,
    ``TweakCapabilities``). Names that the engine rejects are ignored.
    """
    adds = frozenset(map(canonical, added))
    drops = frozenset(map(canonical, dropped))
    if privileged:
        return _EVERYTHING
    if "ALL" in adds:
        return _EVERYTHING - drops
    kept = frozenset[str]() if "ALL" in drops else DEFAULT_CAPABILITIES - drops
    return kept | (adds & _EVERYTHING)
