"""A hardening of one service: what it still has, as keys of Compose."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any, Literal, TypeAlias

    Mechanism: TypeAlias = Literal["capabilities", "root file system", "setuid programs", "limits"]

MECHANISMS: tuple[Mechanism, ...] = (
    *("capabilities", "root file system", "setuid programs", "limits"),
)
"""What a hardening changes, as the mechanisms of a profile are called."""


OF_SYSTEM = frozenset((
    *("/", "/bin", "/boot", "/etc", "/lib", "/lib64", "/opt", "/root", "/sbin", "/usr"),
    *("/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/usr/sbin", "/usr/share"),
    *("/var", "/var/lib"),
))  # fmt: skip
"""Folders of the system: a mount there would hide it, or keep it over updates of the image."""


class Hardening(Record):
    """What is left to a service; ``None`` and false leave a mechanism as it is.

    ``capabilities`` are those that stay, ``scratch`` items of `tmpfs`, and ``data`` the
    paths of new volumes, both for a read-only root file system. ``memory`` is in bytes.
    """

    capabilities: frozenset[str] | None = None
    read_only: bool = False
    scratch: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    no_new_privileges: bool = False
    memory: int | None = None
    processes: int | None = None

    def __eq__(self, other: object) -> bool:
        """Return whether another hardening leaves the same."""
        return isinstance(other, Hardening) and self._values == other._values

    def __hash__(self) -> int:
        """Return the same number for the same hardening."""
        return hash(tuple(self._values.values()))

    @property
    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self)._fields}

    def without(self, mechanisms: Collection[Mechanism]) -> Hardening:
        """Return it with some mechanisms as they were."""
        fields: dict[str, object] = {}
        if "capabilities" in mechanisms:
            fields |= {"capabilities": None}
        if "root file system" in mechanisms:
            fields |= {"read_only": False, "scratch": (), "data": ()}
        if "setuid programs" in mechanisms:
            fields |= {"no_new_privileges": False}
        if "limits" in mechanisms:
            fields |= {"memory": None, "processes": None}
        return self.replaced(**fields)

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that it changes."""
        return tuple(one for one in MECHANISMS if self.without((one,)) != self)

    @property
    def paths(self) -> list[str]:
        """Return the paths that it makes writable."""
        return [*(item.partition(":")[0] for item in self.scratch), *self.data]

    def as_settings(self) -> Mapping[str, object]:
        """Return the keys of a service in Compose; lists of them are added to its own."""
        keys: dict[str, object] = {}
        if self.capabilities is not None:
            keys |= {"cap_drop": ["ALL"], "cap_add": sorted(self.capabilities)}
        if self.read_only:
            keys |= {"read_only": True, "tmpfs": [*self.scratch]}
            keys |= {"volumes": [{"type": "volume", "target": path} for path in self.data]}
        if self.no_new_privileges:
            keys |= {"security_opt": ["no-new-privileges:true"]}
        if self.memory is not None:
            keys |= {"mem_limit": self.memory}
        if self.processes is not None:
            keys |= {"pids_limit": self.processes}
        return keys
