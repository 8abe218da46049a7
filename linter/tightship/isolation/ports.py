"""The ports of a container that others can reach through the host."""

from __future__ import annotations

from tightship.compose.port import ports as published_ports
from tightship.findings import Fix
from tightship.values import port, scalar
from tightship.values.sensitive_port import DOCKER_PORT, SENSITIVE_PORTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.tree import Leaf
    from tightship.compose.port import Published
    from tightship.compose.service import Service
    from tightship.isolation.container import Container
    from tightship.text import Span

_BINDING = "com.docker.network.bridge.host_binding_ipv4"
# On these the container has an address of its own, and nothing is published.
_WITHOUT_PORTS = ("macvlan", "ipvlan", "none", "null", "host")
# A wider range is a pool, for calls or transfers, and not the ports of one program.
_WIDEST = 10
# As far as a chain of ``service:NAME`` is followed.
_CHAIN = 20
# As many ports of a container as are looked at for each of its settings.
_MOST = 100


class Port:
    """A published port, or a range of them, as the host will really bind it.

    ``host_ip`` is the address it is bound to, none for all; where the entry names
    none, that of the network (``host_binding_ipv4``) counts. Where ``decided`` is
    false, only a run tells the address, or whether the port is published at all.
    """

    __slots__ = ("container", "decided", "host_ip", "parsed", "published")

    def __init__(
        self,
        container: Container,
        published: Published,
        host_ip: str | None,
        *,
        decided: bool = True,
    ) -> None:
        self.container = container
        self.published = published
        self.parsed = published.port
        self.host_ip = host_ip
        self.decided = decided

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.published.value.span

    @property
    def surely_reachable(self) -> bool:
        """Tell whether every run binds it to more than the loopback interface."""
        return self.decided and not port.is_loopback(self.host_ip)

    @property
    def surely_on_all_interfaces(self) -> bool:
        """Tell whether every run binds it to every address of the host."""
        return self.decided and port.is_any(self.host_ip)

    @property
    def where(self) -> str:
        """Return what it is bound to, in words."""
        return "all interfaces" if port.is_any(self.host_ip) else f"`{self.host_ip}`"

    @property
    def listener(self) -> tuple[int, str] | None:
        """Return a port of the container that outsiders have no business with.

        With it comes what usually listens there. The port on the host says nothing
        about that, save for that of the Docker daemon.
        """
        if self.parsed.protocol != "tcp":
            return None
        if self.parsed.covers(DOCKER_PORT) and self.parsed.first == self.parsed.last:
            return DOCKER_PORT, SENSITIVE_PORTS[DOCKER_PORT]
        first, _, last = self.parsed.target.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            return None
        ports = range(int(first), int(last or first) + 1)
        if len(ports) > _WIDEST:
            return None
        return next(
            ((n, SENSITIVE_PORTS[n]) for n in ports if n in SENSITIVE_PORTS), None
        )

    def bound_to_loopback(self) -> Fix | None:
        """Return the fix that publishes it on the host's loopback interface only."""
        return Fix.unsafe(
            "Publish it on the loopback interface only",
            self.published.bind("127.0.0.1"),
            may_break="clients on other hosts",
        )


def ports(container: Container) -> Iterator[Port]:
    """Yield the ports that take effect: none without a network to publish from.

    The daemon discards ports under the host's network, refuses them for a container
    in the network of another (moby 26.1.5, runconfig/hostconfig.go), and publishes
    none from an ``internal`` network (libnetwork/endpoint.go).
    """
    service = container.service
    mode = service.text("network_mode")
    if container.namespace("network").owner in ("host", "none"):
        return
    if mode.value is not None and mode.value.startswith(("service:", "container:")):
        return
    addresses = {None} if mode.is_set else set(_addresses(container))
    if not addresses:
        return
    address = addresses.pop() if len(addresses) == 1 else ""
    publishes = mode.decided or not mode.is_set
    for published in published_ports(service):
        own = published.port.host_ip
        decided = "host_ip" not in published.port.undecided and publishes
        yield Port(
            container,
            published,
            own or address,
            decided=decided and (own is not None or address != ""),
        )


def reachable_ports(container: Container) -> list[Port]:
    """Return the ports through which a container's processes are reached.

    In the network of another service those are that one's. There are not more than
    100 of them, for each of many containers may ask.
    """
    service: Service | None = container.service
    for _ in range(_CHAIN):
        mode = service.text("network_mode").value if service else None
        if service is None or mode is None or not mode.startswith("service:"):
            break
        service = service.project.services.get(mode.removeprefix("service:"))
    if service is None or service is container.service:
        return container.ports[:_MOST]
    other = container.siblings.get(service.name)
    return other.ports[:_MOST] if other is not None else []


def _addresses(container: Container) -> Iterator[str | None]:
    """Yield where each network binds a port for which no address is written.

    None stands for every address, and an empty text for what only a run tells.
    """
    defined = container.service.project.text
    for name in container.networks or ("default",):
        internal = defined("networks", name, "internal")
        driver = defined("networks", name, "driver")
        if any(leaf and not leaf.decided for leaf in (internal, driver)):
            yield ""
        elif driver and driver.text in _WITHOUT_PORTS:
            continue
        elif not (internal and scalar.as_bool(internal.text)):
            address = defined("networks", name, "driver_opts", _BINDING)
            yield _decided(address)


def _decided(leaf: Leaf | None) -> str | None:
    if leaf is None:
        return None
    return (leaf.text or None) if leaf.decided else ""
