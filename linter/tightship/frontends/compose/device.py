"""The ``devices`` of a service, from short and long syntax alike."""

from __future__ import annotations

from tightship.model.value import MappingValue, ScalarValue
from tightship.values import device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.service import Service
    from tightship.model.value import Value


class Mapped:
    """One entry of ``devices``: a device of the host, and its path in the container."""

    __slots__ = ("device", "value")

    def __init__(self, value: Value, parsed: device.Device) -> None:
        self.value = value
        self.device = parsed


def devices(service: Service) -> Iterator[Mapped]:
    """Yield the devices of a service."""
    for value in service.items("devices"):
        if isinstance(value, ScalarValue) and not value.is_null:
            yield Mapped(value, device.parse(value.text))
        elif isinstance(value, MappingValue):
            leaves = {
                part: leaf
                for part in ("source", "target", "permissions")
                if isinstance(leaf := value.get(part), ScalarValue)
            }
            texts = {part: leaf.text for part, leaf in leaves.items()}
            if "source" in texts:
                parsed = device.Device(
                    source=texts["source"],
                    target=texts.get("target", texts["source"]),
                    permissions=texts.get("permissions", "rwm"),
                    undecided=frozenset(p for p, x in leaves.items() if not x.decided),
                )
                yield Mapped(value, parsed)
