"""The ports of a container that others can reach through the host."""

from __future__ import annotations

from tightship.findings import Fix
from tightship.isolation.namespaces import real_name
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import ports as published_ports
from tightship.values import port, scalar
from tightship.values.port import DOCKER_PORT, names_of, sensitive_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.items import PortItem
    from tightship.text import Span

_BINDING = "com.docker.network.bridge.host_binding_ipv4"
# With these drivers the container has its own address, and publishes nothing.
_WITHOUT_PORTS = ("macvlan", "ipvlan", "none", "null", "host")
# Options of a bridge that may open all ports, and the values that do not (Docker, bridge driver).
_GATEWAY_MODES = tuple(f"com.docker.network.bridge.gateway_mode_ipv{one}" for one in (4, 6))
_CLOSED = ("nat", "isolated")
_OWN_ADDRESS = ("macvlan", "ipvlan", "host")
# A wider range is a pool for calls or transfers, not the ports of one program.
_WIDEST = 10
# The most ports of a container that are checked for each of its settings.
_MOST = 100


class Port(Record):
    """A published port, or a range of them, as the host binds it.

    ``host_ip`` is the address that it is bound to, by default that of the network
    (``host_binding_ipv4``), and none for all addresses. Where ``decided`` is false, only
    a run decides the address, or whether the port is published at all.
    """

    container: Container
    published: PortItem
    host_ip: str | None
    decided: bool = True

    @property
    def parsed(self) -> port.PublishedPort:
        """Return what the entry publishes."""
        return self.published.port

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.published.value.span

    @property
    def surely_reachable(self) -> bool:
        """Return whether every run binds it to more than the loopback interface."""
        return self.decided and not port.is_loopback(self.host_ip)

    @property
    def surely_on_all_interfaces(self) -> bool:
        """Return whether every run binds it to every address of the host."""
        return self.decided and port.is_any(self.host_ip)

    @property
    def where(self) -> str:
        """Return the address that it is bound to, in words."""
        return "all interfaces" if port.is_any(self.host_ip) else f"`{self.host_ip}`"

    @property
    def where_and_number(self) -> str:
        """Return the address, and the number on the host if it is another one."""
        number = self.parsed.published
        if number is None or not number.isdecimal() or number == self.parsed.target:
            return self.where
        return f"{self.where} as {number}"

    @property
    def is_on_ipv6(self) -> bool:
        """Return whether it is published on an IPv6 address."""
        return ":" in (self.parsed.host_ip or "")

    @property
    def listener(self) -> tuple[int, str] | None:
        """Return an internal port of the container, with the server that listens there.

        The number alone says little: the container has to run that server, by the names
        of its image and its command. The port on the host does not count, except for
        that of the Docker daemon.
        """
        if self.parsed.protocol != "tcp":
            return None
        if self.parsed.covers(DOCKER_PORT) and self.parsed.first == self.parsed.last:
            return DOCKER_PORT, sensitive_ports()[DOCKER_PORT]
        first, _, last = self.parsed.target.partition("-")
        if not first.isdecimal() or (last and not last.isdecimal()):
            return None
        ports = range(int(first), int(last or first) + 1)
        if len(ports) > _WIDEST:
            return None
        servers = sensitive_ports()
        known = ((n, servers[n]) for n in ports if n in servers)
        return next((found for found in known if self._may_be_of(found[1])), None)

    def _may_be_of(self, server: str) -> bool:
        return not self.container.software_words.isdisjoint(names_of(server))

    def bound_to_loopback(self) -> Fix | None:
        """Return the fix that publishes it on the host's loopback interface only."""
        return Fix.tightens(
            "Publish it on the loopback interface only",
            self.container.editor.publish_on(self.published, "127.0.0.1"),
            may_break="clients on other hosts (programs on the host and containers on its"
            " networks still reach it)",
        )


def ports(container: Container) -> Iterator[Port]:
    """Yield the ports in effect: none without a network to publish from.

    The daemon discards ports under the host's network, rejects them for a container in
    the network of another (moby 26.1.5, runconfig/hostconfig.go), and publishes
    none from an ``internal`` network (libnetwork/endpoint.go).
    """
    mode = container.text("network_mode")
    if container.namespace("network").owner in ("host", "none"):
        return
    if mode.value is not None and mode.value.startswith(("service:", "container:")):
        return
    addresses = {None} if mode.is_set else set(_addresses(container))
    if not addresses:
        return
    address = addresses.pop() if len(addresses) == 1 else ""
    publishes = mode.decided or not mode.is_set
    for published in published_ports(container.settings):
        own = published.port.host_ip
        decided = "host_ip" not in published.port.undecided and publishes
        yield Port(
            container,
            published,
            own or address,
            decided=decided and (own is not None or address != ""),
        )


def reachable_ports(container: Container) -> list[Port]:
    """Return the ports of a container's processes, 100 at most.

    In the network of another service they are that one's.
    """
    holder = container.namespace_holder("network")
    return holder.ports[:_MOST] if holder is not None else []


def may_be_reached(container: Container) -> bool:
    """Return whether a run may open a port of a container's processes to other hosts.

    That is so in the host's network, with an address of its own, in a network that others define
    or that filters nothing, and with a port on more than the loopback interface.
    """
    holder = container.namespace_holder("network")
    if holder is None or holder.namespace("network").owner not in ("own", "none"):
        return True
    if any(map(holder.may_have, ("ports", "network_mode", "networks"))):
        return True
    project = container.project
    for name in holder.networks or ("default",):
        driver = project.text("networks", name, "driver")
        if driver and (driver.text in _OWN_ADDRESS or not driver.decided):
            return True
        if real_name(project, name) is not None:
            return True
        modes = (project.text("networks", name, "driver_opts", one) for one in _GATEWAY_MODES)
        if any(one and one.text not in _CLOSED for one in modes):
            return True
    return any(not port.is_loopback(one.host_ip) for one in holder.ports)


def _addresses(container: Container) -> Iterator[str | None]:
    """Yield the address to which each network binds a port by default.

    None is every address, and an empty text is one that only a run decides.
    """
    project = container.project
    defined = project.text
    for name in container.networks or ("default",):
        if project.table("networks", name) is None:  # all is as by default
            yield None
            continue
        internal = defined("networks", name, "internal")
        driver = defined("networks", name, "driver")
        if any(leaf and not leaf.decided for leaf in (internal, driver)):
            yield ""
        elif driver and driver.text in _WITHOUT_PORTS:
            continue
        elif not (internal and scalar.as_bool(internal.text)):
            address = defined("networks", name, "driver_opts", _BINDING)
            if address is None or address.decided:
                yield (address and address.text) or None
            else:
                yield ""
