"""The ``devices`` of a service, short and long syntax made one."""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf, Table
from tightship.values import device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.tree import Value
    from tightship.compose.service import Service


class Mapped:
    """One entry of ``devices``: a device of the host, and where it appears."""

    __slots__ = ("device", "value")

    def __init__(self, value: Value, parsed: device.Device) -> None:
        self.value = value
        self.device = parsed


def devices(service: Service) -> Iterator[Mapped]:
    """Yield what a service lists under ``devices``."""
    for value in service.items("devices"):
        if isinstance(value, Leaf) and not value.is_null:
            yield Mapped(value, device.parse(value.text))
        elif isinstance(value, Table):
            source = value.get("source")
            if isinstance(source, Leaf):
                target, permissions = value.get("target"), value.get("permissions")
                yield Mapped(
                    value,
                    device.Device(
                        source=source.text,
                        target=target.text if isinstance(target, Leaf) else source.text,
                        permissions=(
                            permissions.text if isinstance(permissions, Leaf) else "rwm"
                        ),
                        undecided=frozenset(
                            part
                            for part, leaf in (
                                ("source", source),
                                ("target", target),
                                ("permissions", permissions),
                            )
                            if isinstance(leaf, Leaf) and not leaf.decided
                        ),
                    ),
                )
