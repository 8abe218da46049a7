"""Linux capabilities, and the set that a container gets."""

from __future__ import annotations

from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MEANING: dict[str, str] = facts("capabilities")
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

DEFAULTS = {
    "Docker": DEFAULT_CAPABILITIES,
    "Podman": DEFAULT_CAPABILITIES - {"AUDIT_WRITE", "MKNOD", "NET_RAW"},
}
"""The capabilities by default of each engine (Podman: containers-common 0.62,
containers.conf(5), default_capabilities)."""

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


def bounding(
    added: Iterable[str],
    dropped: Iterable[str],
    privileged: bool,
    default: frozenset[str] = DEFAULT_CAPABILITIES,
) -> frozenset[str]:
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
    kept = frozenset[str]() if "ALL" in drops else default - drops
    return kept | (adds & _EVERYTHING)
