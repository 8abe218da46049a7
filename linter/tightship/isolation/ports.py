"""The ports of a container that others can reach through the host."""

from __future__ import annotations

from tightship.compose.port import ports as published_ports
from tightship.values import port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.port import Published
    from tightship.isolation.container import Container
    from tightship.text import Span

_BINDING = "com.docker.network.bridge.host_binding_ipv4"


class Port:
    """A published port, or a range of them, as the host will really bind it.

    ``host_ip`` is the address it is bound to, none for all; where the entry names
    none, that of the network (``host_binding_ipv4``) counts.
    """

    __slots__ = ("container", "host_ip", "parsed", "published")

    def __init__(
        self, container: Container, published: Published, host_ip: str | None
    ) -> None:
        """Hold a published port."""
        self.container = container
        self.published = published
        self.parsed = published.port
        self.host_ip = host_ip

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.published.value.span

    @property
    def surely_reachable(self) -> bool:
        """Tell whether every run binds it to more than the loopback interface."""
        return "host_ip" not in self.parsed.undecided and not port.is_loopback(
            self.host_ip
        )

    @property
    def surely_on_all_interfaces(self) -> bool:
        """Tell whether every run binds it to every address of the host."""
        return "host_ip" not in self.parsed.undecided and port.is_any(self.host_ip)


def ports(container: Container) -> Iterator[Port]:
    """Yield the ports that take effect: none without a network to publish from.

    The daemon discards ports under ``network_mode: host``, and an ``internal``
    network has no way to the host.
    """
    if container.namespace("network").owner not in ("own", "unknown"):
        return
    networks = container.networks
    if networks and all(
        (leaf := container.service.project.text("networks", name, "internal"))
        is not None
        and leaf.text == "true"
        for name in networks
    ):
        return
    bindings = {
        leaf.text if leaf and leaf.decided else None
        for name in networks or ("default",)
        for leaf in (
            container.service.project.text("networks", name, "driver_opts", _BINDING),
        )
    }
    binding = bindings.pop() if len(bindings) == 1 else None
    for published in published_ports(container.service):
        yield Port(container, published, published.port.host_ip or binding)
