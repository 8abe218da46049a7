"""Reduce what the probe printed to the facts that the model makes claims about.

The facts of one container are a small JSON object, in which defaults are left out:

- ``caps``: ``default``, ``none`` or ``all``, then what is added and what is missing;
- ``nnp``, ``seccomp``, ``root``, ``masks``: where they are not ``no``, ``on``, ``rw``, ``on``;
- ``uid``, ``gid``, ``groups``;
- ``shared``: the owner of each namespace that is not the container's own;
- ``net``: ``none`` without routes, ``internal`` without a way out;
- ``memory`` and ``swappable`` in bytes, ``pids``, ``cpu`` in processors, ``cpuset``;
- ``nofile``, ``oom``, ``oom_kill``: where they differ from a plain container's;
- ``mounts``: kind and options by target; ``devices``: those beyond a plain container's;
- ``opens``: the devices that open; ``ports``: the addresses that the engine bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The kernel's order (include/uapi/linux/capability.h).
CAPABILITIES = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
]

_NAMESPACES = ("pid", "net", "ipc", "uts", "user", "cgroup")
_NODES = frozenset(
    [
        "stderr",
        "stdout",
        "stdin",
        "fd",
        "ptmx",
        "urandom",
        "zero",
        "tty",
        "full",
        "random",
        "null",
        "shm",
        "mqueue",
        "pts",
        "console",
        "core",
    ]
)
_OWN_MOUNTS = ("/proc", "/dev", "/sys", "/etc/hosts", "/etc/hostname")
_MASKED = frozenset(("/proc/kcore", "/proc/keys", "/proc/timer_list"))
_MOST_NODES = 8
# A cgroup v1 limit at or above this is none.
_NO_LIMIT = 1 << 62

Plain = dict[str, Any]


class Baseline:
    """A plain container of the engine, by which others are described."""

    def __init__(self, probe: Mapping[str, Any], host: Mapping[str, str]) -> None:
        status = _status(probe)
        self.default = capabilities_in(status["CapBnd"])
        self.nofile = probe["ulimits"]["nofile"][1]
        self.cpuset = _cgroup(probe, "cpuset/cpuset.cpus", "cpuset.cpus")
        self.host = host


def seen(
    name: str,
    probes: Mapping[str, Mapping[str, Any]],
    ports: Mapping[str, list[str]],
    baseline: Baseline,
    everything: frozenset[str],
) -> Plain:
    """Return the facts about one service of a project.

    ``everything`` holds the capabilities that the host itself has.
    """
    probe = probes[name]
    status = _status(probe)
    mounts = _mounts(probe)
    facts: Plain = {
        "caps": named_capabilities(capabilities_in(status["CapBnd"]), baseline.default, everything),
        "uid": probe["uid"],
        "gid": probe["gid"],
        "groups": sorted(set(probe["groups"]) - {probe["gid"]}),
        "shared": _shared(name, probes, baseline),
        "net": _network(probe),
        **_limits(probe, baseline),
        "mounts": dict(_described(mounts)),
        "devices": _nodes(probe),
        "opens": sorted(k for k, v in probe["devices"].items() if v in ("ok", "read")),
        "ports": ports[name],
    }
    if int(status["CapEff"], 16) != int(status["CapBnd"], 16):
        facts["effective"] = named_capabilities(
            capabilities_in(status["CapEff"]), baseline.default, everything
        )
    if status["NoNewPrivs"] == "1":
        facts["nnp"] = "yes"
    if status["Seccomp"] != "2":
        facts["seccomp"] = "off"
    if "ro" in mounts["/"][1]:
        facts["root"] = "ro"
    if not _MASKED & mounts.keys():
        facts["masks"] = "off"
    elif "/proc/sys" not in mounts:
        facts["masks"] = "partly"
    if "ro" not in mounts.get("/sys", ("", ["ro"]))[1]:
        facts["sys"] = "rw"
    if probe["attempts"]["block device"] == "ok":
        facts["block"] = "opens"
    score = _file(probe, "/proc/self/oom_score_adj")
    if score not in ("0", ""):
        facts["oom"] = int(score)
    return {key: value for key, value in facts.items() if value not in ({}, [], "")}


def capabilities(text: str, default: Iterable[str], everything: Iterable[str]) -> frozenset[str]:
    """Return the set that a record names."""
    first, *changes = text.split()
    held = {"default": default, "none": (), "all": everything}[first]
    more = {word[1:] for word in changes if word[0] == "+"}
    less = {word[1:] for word in changes if word[0] == "-"}
    return (frozenset(held) | more) - less


def everything(probe: Mapping[str, Any]) -> frozenset[str]:
    """Return the capabilities of a privileged container, which are the host's."""
    return capabilities_in(_status(probe)["CapBnd"])


def named_capabilities(held: frozenset[str], default: frozenset[str], every: frozenset[str]) -> str:
    """Name a set by the nearest of three, with the fewest words."""

    def by(name: str, base: frozenset[str]) -> list[str]:
        more = [f"+{one}" for one in sorted(held - base)]
        return [name, *more, *(f"-{one}" for one in sorted(base - held))]

    ways = (by("default", default), by("none", frozenset()), by("all", every))
    return min(map(" ".join, ways), key=len)


def capabilities_in(mask: str) -> frozenset[str]:
    """Return the set of a mask of the kernel."""
    bits = int(mask, 16)
    return frozenset(c for i, c in enumerate(CAPABILITIES) if bits >> i & 1)


def _file(probe: Mapping[str, Any], path: str) -> str:
    content = probe["files"].get(path, "")
    return content.strip() if isinstance(content, str) else ""


def _status(probe: Mapping[str, Any]) -> dict[str, str]:
    lines = _file(probe, "/proc/self/status").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {key: value.strip() for key, _, value in pairs}


def _shared(
    name: str, probes: Mapping[str, Mapping[str, Any]], baseline: Baseline
) -> dict[str, str]:
    """Return the owner of each shared namespace: the host, or the first service."""
    owners: dict[str, str] = {}
    for kind in _NAMESPACES:
        one = probes[name]["namespaces"][kind]
        same = [k for k in sorted(probes) if probes[k]["namespaces"][kind] == one]
        if one == baseline.host.get(kind):
            owners[kind] = "host"
        elif same[0] != name:
            owners[kind] = same[0]
    # The host's, since this engine maps no users.
    if owners.get("user") == "host":
        del owners["user"]
    return owners


def _network(probe: Mapping[str, Any]) -> str:
    rows = [line.split() for line in _file(probe, "/proc/net/route").splitlines()[1:]]
    if not rows:
        return "none"
    return "" if any(row[1] == "00000000" for row in rows) else "internal"


def _cgroup(probe: Mapping[str, Any], first: str, second: str) -> str:
    """Return a file of the control group, version 1 or 2."""
    root = "/sys/fs/cgroup"
    return _file(probe, f"{root}/{first}") or _file(probe, f"{root}/{second}")


def _limits(probe: Mapping[str, Any], baseline: Baseline) -> Plain:
    facts: Plain = {}
    memory = _cgroup(probe, "memory/memory.limit_in_bytes", "memory.max")
    if memory.isdigit() and int(memory) < _NO_LIMIT:
        facts["memory"] = int(memory)
    processes = _cgroup(probe, "pids/pids.max", "pids.max")
    if processes.isdigit():
        facts["pids"] = int(processes)
    quota = _file(probe, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
    period = _file(probe, "/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if quota and int(quota) > 0:
        facts["cpu"] = int(quota) / int(period)
    cpuset = _cgroup(probe, "cpuset/cpuset.cpus", "cpuset.cpus")
    if cpuset != baseline.cpuset:
        facts["cpuset"] = cpuset
    control = _file(probe, "/sys/fs/cgroup/memory/memory.oom_control")
    if "oom_kill_disable 1" in control:
        facts["oom_kill"] = "off"
    nofile = probe["ulimits"]["nofile"][1]
    if nofile != baseline.nofile:
        facts["nofile"] = nofile
    return facts


def _mounts(probe: Mapping[str, Any]) -> dict[str, tuple[str, list[str], str]]:
    """Return type, options and root of each mount by target, of which the last counts.

    A file system that is read-only as a whole makes its mounts read-only too.
    """
    found: dict[str, tuple[str, list[str], str]] = {}
    for line in _file(probe, "/proc/self/mountinfo").splitlines():
        fields = line.split()
        kind, _, of_file_system = fields[fields.index("-") + 1 :][:3]
        options = fields[5].split(",")
        if "ro" in of_file_system.split(",") and "ro" not in options:
            options = ["ro", *(one for one in options if one != "rw")]
        found[fields[4]] = kind, options, fields[3]
    return found


def _described(mounts: Mapping[str, tuple[str, list[str], str]]) -> Iterable[tuple[str, str]]:
    for target, (kind, options, root) in sorted(mounts.items()):
        if target == "/" or target == "/etc/resolv.conf":
            continue
        if target.startswith(_OWN_MOUNTS) and "/lab" not in root:
            continue
        flags = [one for one in options if one in ("noexec", "nosuid", "nodev")]
        access = "ro" if "ro" in options else "rw"
        if "/volumes/" in root:
            source = "volume"
        elif root == "/":
            source = kind
        else:
            # Of the lab's own file systems.
            above = "/mnt" if root.startswith("/lab/") else "/run"
            source = above + root if kind == "tmpfs" else root
        yield target, " ".join((source, access, *flags))


def _nodes(probe: Mapping[str, Any]) -> list[str] | str:
    more = sorted(set(probe["dev"]) - _NODES)
    return more if len(more) <= _MOST_NODES else "many"
