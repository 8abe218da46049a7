"""Connections over the network, for all containers of a project at once.

They say of each pair what `reach.py` says of it. A network joins all of its members in
one connection, so that a project of hundreds of services has no hundred thousand pairs.
"""

from __future__ import annotations

from tightship.isolation.connection import OUTSIDE, Connection, Node
from tightship.isolation.gateway_mode import open_gateway
from tightship.isolation.namespaces import joined_networks
from tightship.isolation.reach import Position, finds
from tightship.text import first_of
from tightship.values import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from tightship.isolation.container import Container
    from tightship.isolation.gateway_mode import OpenGateway
    from tightship.isolation.ports import Port
    from tightship.model.project import Project
    from tightship.text import Span

# Drivers that give a container an address of the network that the host is on.
ON_THE_LAN = ("macvlan", "ipvlan")
_MOST_PORTS = 3


class Networking:
    """The networking of a project: its connections, and what is known only at run time.

    ``doubts`` says why a service may reach others, or be reached, by more than these.
    """

    def __init__(self, containers: Sequence[Container]) -> None:
        self._positions = [Position(one) for one in containers]
        self.doubts = {one.container.name: one.doubt for one in self._positions if one.doubt}
        self.connections: tuple[Connection, ...] = tuple(
            one
            for one in (
                *self._from_outside(),
                *self._namespaces(),
                *self._networks(),
                *self._host_addresses(),
                *self._published(),
            )
            if one.joins
        )

    def _namespaces(self) -> Iterator[Connection]:
        """Yield the network namespaces that several share."""
        shared: dict[str, list[Position]] = {}
        for one in self._positions:
            if one.holder is not None and not one.is_host:
                shared.setdefault(one.holder.name, []).append(one)
        for name, members in shared.items():
            yield _mutual("network namespace", name, members)
        hosts = [one for one in self._positions if one.is_host]
        yield _mutual("network namespace", "host", hosts)

    def _networks(self) -> Iterator[Connection]:
        members: dict[tuple[str, bool], list[Position]] = {}
        for one in self._positions:
            for network in one.networks:
                if network.is_open or not network.is_bridge:
                    kind = (network.key, network.is_bridge)
                    members.setdefault(kind, []).append(one)
        for (key, certain), joined in members.items():
            places: dict[Node, Span] = {}
            for one in joined:
                holder = one.holder or one.container
                for setting in joined_networks(holder.settings):
                    if setting.value == key:
                        places[_node(one)] = setting.span
            yield _mutual("network", key, joined, places, certain=certain)

    def _host_addresses(self) -> Iterator[Connection]:
        """Yield what leads to and from the host's network: it has an address on each bridge."""
        hosts = [_node(one) for one in self._positions if one.is_host]
        bridged = [_node(one) for one in self._positions if one.bridges and not one.is_host]
        if hosts and bridged:
            places = _modes(self._positions)
            yield Connection("host network", "host", hosts, bridged, places=places)
            yield Connection("host network", "host", bridged, hosts, places=places)

    def _published(self) -> Iterator[Connection]:
        """Yield the ports that containers reach by an address of the host."""
        outs = [one for one in self._positions if one.is_out or one.is_host]
        sources = [_node(one) for one in outs]
        # All of them find the same ports, except for those on the loopback interface.
        plain = next((one for one in outs if not one.is_host), None)
        if plain is not None:
            yield from self._open_ports(sources, plain)
        hosts = [one for one in outs if one.is_host]
        if hosts:
            yield from self._open_ports([_node(one) for one in hosts], hosts[0])

    def _open_ports(self, sources: Sequence[Node], near: Position) -> Iterator[Connection]:
        found: dict[bool, dict[Node, list[Port]]] = {True: {}, False: {}}
        for one in self._positions:
            for published in one.container.reachable_ports:
                verdict = finds(near, published)
                if verdict is not False:
                    kept = found[verdict is True]
                    kept.setdefault(_node(one), []).append(published)
        for certain, targets in found.items():
            yield _ports(sources, targets, certain=certain)

    def _from_outside(self) -> Iterator[Connection]:
        """Yield what other machines reach: published ports, and the host's network."""
        sure: dict[Node, list[Port]] = {}
        possible: dict[Node, list[Port]] = {}
        lan: dict[bool, list[Position]] = {True: [], False: []}
        unfiltered: dict[str, list[Position]] = {}
        for one in self._positions:
            gateways = _gateways(one)
            for key, gateway in gateways.items():
                if gateway.every_port:
                    unfiltered.setdefault(key, []).append(one)
            for published in one.container.reachable_ports:
                if published.surely_reachable or (gateways and published.decided):
                    sure.setdefault(_node(one), []).append(published)
                elif not published.decided:
                    possible.setdefault(_node(one), []).append(published)
            project = one.container.project
            for network in one.networks:
                driver = project.text("networks", network.key, "driver")
                if driver is not None and driver.text in ON_THE_LAN:
                    lan[is_on_the_lan(project, network.key)].append(one)
        yield _ports([OUTSIDE], sure, certain=True)
        yield _ports([OUTSIDE], possible, certain=False)
        hosts = [_node(one) for one in self._positions if one.is_host]
        places = _modes(self._positions)
        yield Connection("host network", "host", [OUTSIDE], hosts, places=places)
        for key, members in unfiltered.items():
            yield Connection(
                "network",
                key,
                [OUTSIDE],
                [_node(one) for one in members],
                places={_node(one): _gateways(one)[key].span for one in members},
                notes={_node(one): "every port" for one in members},
            )
        for certain, ones in lan.items():
            nodes = dict.fromkeys(_node(one) for one in ones)
            yield Connection("network", "of the host", [OUTSIDE], nodes, certain=certain)


def is_on_the_lan(project: Project, network: str) -> bool:
    """Return whether a network surely has the link of an interface of the host.

    Without ``parent``, it has a link that leads nowhere; in the modes ``l3`` and ``l3s``,
    other hosts need a route (Docker documentation, Macvlan and IPvlan network drivers).
    """
    parent, mode, internal = (
        project.text("networks", network, *path)
        for path in (("driver_opts", "parent"), ("driver_opts", "ipvlan_mode"), ("internal",))
    )
    return bool(
        parent
        and parent.decided
        and parent.text
        and (mode is None or mode.text == "l2")
        and (internal is None or scalar.as_bool(internal.text) is False)
    )


def _gateways(position: Position) -> dict[str, OpenGateway]:
    """Return the networks whose options open ports to other hosts."""
    project = position.container.project
    found = ((one.key, open_gateway(project, one.key)) for one in position.networks)
    return {key: gateway for key, gateway in found if gateway is not None}


def _node(position: Position) -> Node:
    return Node("service", position.container.name)


def _mutual(
    kind: Literal["network", "network namespace"],
    name: str,
    members: Sequence[Position],
    places: dict[Node, Span] | None = None,
    *,
    certain: bool = True,
) -> Connection:
    nodes = tuple(dict.fromkeys(_node(one) for one in members))
    if places is None:
        places = _modes(members)
    return Connection(kind, name, nodes, nodes, places=places, certain=certain)


def _modes(positions: Sequence[Position]) -> dict[Node, Span]:
    """Return the places of ``network_mode``."""
    found: dict[Node, Span] = {}
    for one in positions:
        mode = one.container.text("network_mode")
        if mode.is_set:
            found[_node(one)] = mode.span
    return found


def _ports(
    sources: Sequence[Node], targets: dict[Node, list[Port]], *, certain: bool
) -> Connection:
    return Connection(
        "published port",
        "",
        sources,
        targets,
        places={node: ports[0].span for node, ports in targets.items()},
        notes={node: _listed(ports) for node, ports in targets.items()},
        certain=certain,
    )


def _listed(ports: Sequence[Port]) -> str:
    """Return published ports in words: ``80/tcp, 443/tcp and 2 more``."""
    names = dict.fromkeys(
        f"{one.parsed.published or f'free for {one.parsed.target}'}/{one.parsed.protocol}"
        for one in ports
    )
    return first_of([*names], _MOST_PORTS)
