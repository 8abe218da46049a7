"""The weaknesses of a container's isolation, and the points that each of them costs.

A weakness with ``HOST`` hands over the host: nothing else counts in addition to it. The points of
the others say how much of the way to the host, or to other containers, it opens; the
page `docs/profile.md` shows this table.
"""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False

HOST = 100
"""The points of a weakness with which an attacker in the container has the host."""


class Weakness(Record):
    """A weakness: its name, the points that it costs, and why."""

    name: str
    points: int
    why: str

    def __repr__(self) -> str:
        return f"Weakness({self.name}: {self.points})"


PRIVILEGED = Weakness("privileged", HOST, "it has every capability and every device of the host")
PRIVILEGED_HOOK = Weakness(
    "privileged hook", HOST, "a command in the container has every capability"
)
CONTROL_SOCKET = Weakness(
    "control socket", HOST, "a daemon of the host accepts commands and runs them as root"
)
HOST_ROOT = Weakness("root of the host", HOST, "it has every socket and every secret of the host")
HOST_FILES = Weakness("writable files of power", HOST, "the host runs or trusts these files")
HOST_DISK = Weakness("raw disk or memory", HOST, "it has every file of the host, or its kernel")
TAKEOVER_CAPABILITY = Weakness(
    "capability over the host", HOST, "it mounts disks, loads kernel code or opens any file"
)
HOST_PROCESSES = Weakness(
    "control of host processes", HOST, "`SYS_PTRACE` writes to any process of the host"
)
ANY_DEVICE = Weakness(
    "any device", HOST, "the container creates a device file for the host's disk and opens it"
)
OBTAINABLE_TAKEOVER = Weakness(
    "capability over the host for setuid programs",
    6,
    "a flaw in a setuid program, or one with file capabilities, gives it away",
)
MORE_CAPABILITIES = Weakness("more capabilities", 4, "each reaches beyond the container")
DEFAULT_CAPABILITIES = Weakness(
    "default capabilities", 3, "few programs need all fourteen, and exploits use them"
)
UNUSED_CAPABILITIES = Weakness(
    "capabilities that no process has",
    2,
    "`docker exec -u root` gives them, and seccomp allows their system calls",
)
NO_SECCOMP = Weakness("no seccomp", 4, "system calls that kernel exploits use are open")
WEAK_SECCOMP = Weakness(
    "weak seccomp profile", 3, "it allows system calls that Docker's default denies"
)
NO_APPARMOR = Weakness("no AppArmor", 2, "nothing forbids mounts and writes below /proc and /sys")
NO_SELINUX = Weakness("no SELinux", 2, "nothing denies the container other files of the host")
UNMASKED_KERNEL_FILES = Weakness(
    "unmasked /proc and /sys", 4, "settings of the shared kernel can be written"
)
WRITABLE_CGROUPS = Weakness("writable control groups", 3, "the container changes its own limits")
ROOT = Weakness("root", 4, "root in the container is root in the kernel, without a user namespace")
SETUID = Weakness("setuid programs", 2, "an unprivileged process can gain privileges")
WRITABLE_ROOT = Weakness(
    "writable root file system", 2, "an attacker can replace programs and stay"
)
NO_MEMORY_LIMIT = Weakness("no memory limit", 1, "it can take all memory of the host")
NO_CPU_LIMIT = Weakness("no CPU limit", 1, "it can take the processors of the host")
NO_PROCESS_LIMIT = Weakness("no process limit", 1, "it can fork until no other process starts")
HOST_PID = Weakness(
    "PID namespace of the host", 4, "it sees every process of the host, and signals them"
)
HOST_NETWORK = Weakness(
    "network of the host", 4, "it reaches programs that listen on the host's loopback interface"
)
HOST_IPC = Weakness("IPC namespace of the host", 3, "it shares memory with programs of the host")
HOST_USER = Weakness("user namespace of the host", 3, "it turns off the daemon's mapping of users")
HOST_UTS = Weakness("UTS namespace of the host", 1, "with a capability it can rename the host")
HOST_CGROUP = Weakness("cgroup namespace of the host", 1, "it sees the names of other containers")
SHARED_NAMESPACE = Weakness(
    "namespace of another container", 1, "an attacker in one of them reaches the other"
)
REVEALING_FILES = Weakness(
    "readable files of the host", 3, "they have credentials, logs or kernel state"
)
WRITABLE_FILES = Weakness(
    "writable files of the host", 1, "other programs read the files that it writes there"
)
CLOCK = Weakness("clock of the host", 2, "certificates and logs rely on it")
DEVICE = Weakness("device of the host", 2, "its driver runs in the shared kernel")
DEVICE_RULE = Weakness("wide device rule", 3, "with `MKNOD` it would open every device of a kind")
POWERFUL_GROUP = Weakness("group with power", 2, "it can open sockets and devices of the host")
PROPAGATION = Weakness("shared mount propagation", 1, "mounts of one side appear on the other")

WEAKNESSES = tuple(one for one in tuple(globals().values()) if isinstance(one, Weakness))
"""Every weakness, those that hand over the host first."""
