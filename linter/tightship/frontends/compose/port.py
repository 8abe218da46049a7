"""The ``ports`` of a service, from short and long syntax alike."""

from __future__ import annotations

from tightship.frontends.compose.edits import as_tuple, set_key
from tightship.lazy import LazyModule
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.service import Service
    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.syntax.yaml import edit as yaml_edit
    from tightship.text import Edit
else:
    yaml_edit = LazyModule("tightship.syntax.yaml.edit")


class Published:
    """One entry of ``ports``; ``mode`` is ``ingress`` or ``host`` (long syntax)."""

    __slots__ = ("mode", "port", "value")

    def __init__(self, value: Value, parsed: port.PublishedPort, mode: str) -> None:
        self.value = value
        self.port = parsed
        self.mode = mode

    @property
    def address_provenance(self) -> tuple[Step, ...]:
        """Return the provenance of the address that it is published on, if there is one."""
        value = self.value
        if isinstance(value, MappingValue):
            address = value.get("host_ip")
            return address.provenance if address else ()
        return value.provenance if self.port.host_ip is not None else ()

    def bind(self, address: str) -> tuple[Edit, ...]:
        """Return the edit that publishes it on an address, where it is written here."""
        value = self.value
        if not value.is_own:
            return ()
        if isinstance(value, MappingValue):
            return as_tuple(set_key(value.node, "host_ip", address))
        if not isinstance(value, ScalarValue):
            return ()
        text = value.content or ""
        written = value.node.value if value.templated else text
        colon = ":" if self.port.published is None else ""
        if self.port.host_ip is not None or text.startswith(":"):
            if value.templated:
                return ()  # there is a variable for the address
            written = ":".join(written.split(":")[-2:])
            colon = ""
        edit = yaml_edit.replace(value.node, f"{address}:{colon}{written}")
        return as_tuple(edit)


def ports(service: Service) -> Iterator[Published]:
    """Yield the ports of a service; an entry may be a range."""
    for value in service.items("ports"):
        if isinstance(value, ScalarValue):
            for parsed in port.parse(value.content or "") or ():
                yield Published(value, parsed, "ingress")
        elif isinstance(value, MappingValue):
            yield from _long(value)


def _long(table: MappingValue) -> Iterator[Published]:
    texts, undecided = dict[str, str | None](), set[str]()
    for part in ("host_ip", "published", "target", "protocol", "mode"):
        leaf = table.get(part)
        texts[part] = leaf.content if isinstance(leaf, ScalarValue) else None
        if isinstance(leaf, ScalarValue) and not leaf.decided:
            undecided.add(part)
    parsed = port.PublishedPort(
        host_ip=texts["host_ip"],
        published=texts["published"],
        target=texts["target"] or "",
        protocol=texts["protocol"] or "tcp",
        undecided=frozenset(undecided),
    )
    yield Published(table, parsed, texts["mode"] or "ingress")
