"""The capabilities that a container's processes may have."""

from __future__ import annotations

from tightship.values import capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.field import Field, Fields
    from tightship.compose.service import Service
    from tightship.isolation.container import Container
    from tightship.text import Span


class Grant:
    """A capability that a container gets beyond what it would have, by ``cap_add``.

    ``name`` is in Docker's own spelling, without ``CAP_``; ``ALL`` is one too.
    """

    __slots__ = ("container", "field", "name")

    def __init__(self, container: Container, name: str, field: Field[str]) -> None:
        """Hold a grant; ``field`` is the item of ``cap_add``."""
        self.container = container
        self.name = name
        self.field = field

    @property
    def span(self) -> Span:
        """Return the place of the item."""
        return self.field.span


class Capabilities:
    """What ``cap_add``, ``cap_drop`` and ``privileged`` make of Docker's default.

    The algebra is that of moby 26.1.5, oci/caps/utils.go (TweakCapabilities).
    """

    __slots__ = ("added", "dropped", "privileged")

    def __init__(self, service: Service, privileged: Field[bool]) -> None:
        """Read a service's capabilities."""
        self.added: Fields[str] = service.texts("cap_add")
        self.dropped: Fields[str] = service.texts("cap_drop")
        self.privileged = privileged

    @property
    def added_names(self) -> tuple[str, ...]:
        """Return what is surely added, canonically spelled."""
        return _names(self.added)

    @property
    def dropped_names(self) -> tuple[str, ...]:
        """Return what is surely dropped, canonically spelled."""
        return _names(self.dropped)

    @property
    def effective(self) -> frozenset[str]:
        """Return what the container has by what is decided here."""
        return capability.effective(
            self.added_names, self.dropped_names, self.privileged.is_surely(True)
        )

    @property
    def could_drop_all(self) -> bool:
        """Tell whether some run drops all capabilities before it adds any."""
        return "ALL" in self.dropped_names or not self.dropped.all_decided

    def grants(self, container: Container) -> list[Grant]:
        """Return each item of ``cap_add`` that is surely there.

        An item that the drop list cannot take back stays a grant: of a capability
        that is both added and dropped the addition wins. Only individual drops
        reduce ``ALL``.
        """
        return [
            Grant(container, capability.canonical(item.value), item)
            for item in self.added.items
            if item.decided and item.value is not None
        ]


def _names(fields: Fields[str]) -> tuple[str, ...]:
    return tuple(
        capability.canonical(item.value)
        for item in fields.items
        if item.decided and item.value is not None
    )
