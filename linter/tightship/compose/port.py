"""The ``ports`` of a service, short and long syntax made one."""

from __future__ import annotations

from tightship.compose.tree import Leaf, Table
from tightship.values import port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.service import Service
    from tightship.compose.tree import Value


class Published:
    """One entry of ``ports``: what of the container is reachable where."""

    __slots__ = ("mode", "port", "value")

    def __init__(self, value: Value, parsed: port.PublishedPort, mode: str) -> None:
        """Hold an entry; ``mode`` is ``ingress`` or ``host`` (long syntax)."""
        self.value = value
        self.port = parsed
        self.mode = mode


def ports(service: Service) -> Iterator[Published]:
    """Yield what a service lists under ``ports``; an entry may be a range."""
    for value in service.items("ports"):
        if isinstance(value, Leaf):
            for parsed in port.parse(value.content or "") or ():
                yield Published(value, parsed, "ingress")
        elif isinstance(value, Table):
            yield from _long(value)


def _long(table: Table) -> Iterator[Published]:
    texts, undecided = dict[str, str | None](), set[str]()
    for part in ("host_ip", "published", "target", "protocol", "mode"):
        leaf = table.get(part)
        texts[part] = leaf.content if isinstance(leaf, Leaf) else None
        if isinstance(leaf, Leaf) and not leaf.decided:
            undecided.add(part)
    parsed = port.PublishedPort(
        host_ip=texts["host_ip"],
        published=texts["published"],
        target=texts["target"] or "",
        protocol=texts["protocol"] or "tcp",
        undecided=frozenset(undecided),
    )
    yield Published(table, parsed, texts["mode"] or "ingress")
