"""The weaknesses of a container's isolation, and the points that each of them costs.

The points are in ``facts/weaknesses.toml``; the page `docs/profile.md` shows them.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.lazy.modules import facts

if TYPE_CHECKING:
    from typing import Literal

    from tightship.text import Span

    Mark = Literal["strong", "weak", "unknown"]

HOST = 100
"""The points of a weakness with which an attacker in the container has the host."""


class Weakness(Record):
    """A weakness: its name, the points that it costs, and why."""

    name: str
    points: int
    why: str

    def __repr__(self) -> str:
        return f"Weakness({self.name}: {self.points})"


_known = {
    name: Weakness(name, HOST if one["points"] == "F" else one["points"], one["why"])
    for name, one in facts("weaknesses").items()
}
WEAKNESSES = tuple(_known.values())
"""Every weakness, those that give away the host first."""

PRIVILEGED = _known["privileged"]
PRIVILEGED_HOOK = _known["privileged hook"]
CONTROL_SOCKET = _known["control socket"]
HOST_ROOT = _known["root of the host"]
HOST_FILES = _known["writable files of power"]
HOST_DISK = _known["raw disk or memory"]
TAKEOVER_CAPABILITY = _known["capability over the host"]
HOST_PROCESSES = _known["control of host processes"]
ANY_DEVICE = _known["any device"]
OBTAINABLE_TAKEOVER = _known["capability over the host for setuid programs"]
MORE_CAPABILITIES = _known["more capabilities"]
DEFAULT_CAPABILITIES = _known["default capabilities"]
UNUSED_CAPABILITIES = _known["capabilities that no process has"]
NO_SECCOMP = _known["no seccomp"]
WEAK_SECCOMP = _known["weak seccomp profile"]
NO_APPARMOR = _known["no AppArmor"]
NO_SELINUX = _known["no SELinux"]
UNMASKED_KERNEL_FILES = _known["unmasked /proc and /sys"]
WRITABLE_CGROUPS = _known["writable control groups"]
ROOT = _known["root"]
SETUID = _known["setuid programs"]
WRITABLE_ROOT = _known["writable root file system"]
NO_MEMORY_LIMIT = _known["no memory limit"]
NO_CPU_LIMIT = _known["no CPU limit"]
NO_PROCESS_LIMIT = _known["no process limit"]
HOST_PID = _known["PID namespace of the host"]
HOST_NETWORK = _known["network of the host"]
HOST_IPC = _known["IPC namespace of the host"]
HOST_USER = _known["user namespace of the host"]
HOST_UTS = _known["UTS namespace of the host"]
HOST_CGROUP = _known["cgroup namespace of the host"]
SHARED_NAMESPACE = _known["namespace of another container"]
REVEALING_FILES = _known["readable files of the host"]
WRITABLE_FILES = _known["writable files of the host"]
CLOCK = _known["clock of the host"]
DEVICE = _known["device of the host"]
DEVICE_RULE = _known["wide device rule"]
POWERFUL_GROUP = _known["group with power"]
PROPAGATION = _known["shared mount propagation"]


BY_PRIVILEGE = "by `privileged`"
"""The end of a state that `privileged` brings about."""


class MechanismState:
    """One mechanism of a container's isolation.

    ``state`` describes it in a few words. ``mark`` is ``weak`` where the file could make
    it stronger, and ``unknown`` where only a run decides. ``place`` is that of the
    setting, and absent where it is Docker's default. ``weaknesses`` are those that it
    surely has, and ``possible`` those that an unknown one may have.
    """

    __slots__ = ("mark", "mechanism", "place", "possible", "state", "weaknesses")

    def __init__(
        self,
        mechanism: str,
        mark: Mark,
        state: str,
        place: Span | None = None,
        *weaknesses: Weakness,
        possible: tuple[Weakness, ...] = (),
    ) -> None:
        self.mechanism = mechanism
        self.mark: Mark = mark
        self.state = state
        self.place = place
        self.weaknesses = weaknesses
        self.possible = possible


def undecided(
    name: str, place: Span | None, *possible: Weakness, certain: tuple[Weakness, ...] = ()
) -> MechanismState:
    """Return a row for what known only at run time."""
    state = "known only at run time"
    return MechanismState(name, "unknown", state, place, *certain, possible=possible)
