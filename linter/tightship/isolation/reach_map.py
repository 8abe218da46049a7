"""Who reaches what in a project: its services, the host, and what they share.

"Reaches" means that a path exists. The files do not show whether a program listens at its
end, asks for a password or has a weakness; `LIMITS` states this once.
"""

from __future__ import annotations

from tightship.isolation.capabilities import TAKEOVER
from tightship.isolation.connection import HOST, OUTSIDE, Connection, Node
from tightship.isolation.image_roles import is_data_store, is_socket_proxy, opened_by
from tightship.isolation.network_connections import Networking
from tightship.isolation.shared_files import shared_files, unknown_files
from tightship.isolation.weakness import HOST as HANDS_OVER_THE_HOST, TAKEOVER_CAPABILITY
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Final

    from tightship.isolation.connection import ConnectionKind
    from tightship.isolation.container import Container
    from tightship.isolation.profile import Profile

LIMITS = (
    "A reachable service is not an exploitable one. The files do not show whether a"
    " program listens there and asks for a password, which connections a firewall of the"
    " host drops, and which ones proxies of a platform forward."
)

# Namespaces through which one container reaches another one.
_REACHING: tuple[tuple[str, ConnectionKind], ...] = (
    ("pid", "PID namespace"),
    ("ipc", "IPC namespace"),
)


class Step(Record):
    """One step of a way: from where, through what."""

    source: Node
    connection: Connection


class Edge(Record):
    """One node that reaches another one directly, with all connections by which it does."""

    source: Node
    target: Node
    connections: tuple[Connection, ...]

    @property
    def certain(self) -> bool:
        """Return whether any of its connections is certain."""
        return any(one.certain for one in self.connections)


class ReachMap:
    """Who reaches what in one project.

    ``services`` are in the order of the files, ``stores`` those that hold data, and
    ``proxies`` those that pass on only some commands for a control socket. ``doubts`` says why a
    service may reach more than its connections, or be reached by more, and ``unchecked``
    has the gaps of those that could not be checked.
    """

    __slots__ = (
        "_leaving",
        "connections",
        "doubts",
        "profiles",
        "proxies",
        "services",
        "stores",
        "unchecked",
    )

    def __init__(self, profiles: Sequence[Profile]) -> None:
        containers = [one.container for one in profiles]
        networking = Networking(containers)
        self.profiles: Final = {service(one.container): one for one in profiles}
        self.services: Final = tuple(self.profiles)
        self.doubts: Final = unknown_files(containers) | networking.doubts
        self.unchecked: Final = {one.name: one.gap for one in profiles if one.gap is not None}
        self.stores: Final = frozenset(service(one) for one in containers if is_data_store(one))
        self.proxies: Final = frozenset(
            service(one) for one in containers if is_socket_proxy(one) and not opened_by(one)
        )
        self.connections: Final[tuple[Connection, ...]] = tuple(
            one
            for one in (
                *networking.connections,
                *_namespaces(containers),
                *shared_files(containers),
                *(one for profile in profiles for one in _to_host(profile)),
            )
            if one.joins
        )
        self._leaving: Final = leaving(self.connections)

    @property
    def published(self) -> tuple[Node, ...]:
        """Return the services that other machines reach directly, or may reach."""
        found: dict[Node, None] = {}
        for one in self._leaving.get(OUTSIDE, ()):
            found |= dict.fromkeys(one.targets)
        return tuple(node for node in self.services if node in found)

    def direct(self, source: Node) -> Iterator[Edge]:
        """Yield what a node reaches directly."""
        found: dict[Node, list[Connection]] = {}
        for one in self._leaving.get(source, ()):
            for target in one.targets:
                if target != source:
                    found.setdefault(target, []).append(one)
        for target, connections in found.items():
            yield Edge(source, target, tuple(connections))

    def edges(self) -> Iterator[Edge]:
        """Yield every edge: as many as the square of the services that share a network."""
        for source in (OUTSIDE, *self.services):
            yield from self.direct(source)

    def ways_from(self, start: Node, *, certain: bool = False) -> dict[Node, Step]:
        """Return the last step of a shortest way to each node that a start reaches.

        Args:
            start: who begins.
            certain: whether to take certain connections only.

        """
        found: dict[Node, Step] = {}
        terminal: list[tuple[Node, Connection]] = []
        seen = {start}
        taken: set[int] = set()
        todo = [start]
        # The loop visits appended nodes too: nearer ones come before farther ones.
        for node in todo:
            for one in self._leaving.get(node, ()):
                if id(one) in taken or (certain and not one.certain):
                    continue
                taken.add(id(one))
                if not one.leads_on:
                    terminal.append((node, one))
                    continue
                for target in one.targets:
                    if target not in seen:
                        seen.add(target)
                        found[target] = Step(node, one)
                        todo.append(target)
        for node, one in terminal:
            for target in one.targets:
                if target not in (start, node):
                    found.setdefault(target, Step(node, one))
        return found


def service(container: Container) -> Node:
    """Return the node of a container."""
    return Node("service", container.name)


def leaving(connections: Sequence[Connection]) -> dict[Node, list[Connection]]:
    """Return connections by each of their sources."""
    found: dict[Node, list[Connection]] = {}
    for one in connections:
        for source in one.sources:
            found.setdefault(source, []).append(one)
    return found


def way_to(target: Node, ways: dict[Node, Step]) -> list[tuple[Node, Connection, Node]]:
    """Return the steps of a way that :meth:`ReachMap.ways_from` found."""
    steps: list[tuple[Node, Connection, Node]] = []
    while target in ways:
        step = ways[target]
        steps.append((step.source, step.connection, target))
        target = step.source
    return steps[::-1]


def _namespaces(containers: Sequence[Container]) -> Iterator[Connection]:
    """Yield the PID and IPC namespaces that containers share with one another.

    One that has the host's PID namespace sees and signals the processes of all others.
    """
    everyone = [service(one) for one in containers]
    for kind, title in _REACHING:
        shared: dict[str, list[Container]] = {}
        for one in containers:
            if one.namespace(kind).is_host:
                shared.setdefault("host", []).append(one)
            elif (holder := one.namespace_holder(kind)) is not None:
                shared.setdefault(f"service:{holder.name}", []).append(one)
        for name, members in shared.items():
            nodes = tuple(service(one) for one in members)
            places = {
                service(one): one.namespace(kind).span
                for one in members
                if one.namespace(kind).setting.is_set
            }
            sees_all = kind == "pid" and name == "host"
            yield Connection(
                title,
                name.removeprefix("service:"),
                nodes,
                tuple(everyone) if sees_all else nodes,
                places=places,
            )


def _to_host(profile: Profile) -> Iterator[Connection]:
    """Yield the weaknesses that hand over the host, each once."""
    source = service(profile.container)
    for certain in (True, False):
        seen: set[str] = set()
        for row in profile.rows:
            for one in row.weaknesses if certain else row.possible:
                if one.points >= HANDS_OVER_THE_HOST and one.name not in seen:
                    seen.add(one.name)
                    note = f"{row.mechanism} {row.state}" if certain else row.state
                    if one is TAKEOVER_CAPABILITY and certain:
                        held = profile.container.capabilities.bounding
                        note = ", ".join(sorted(held & TAKEOVER))
                    yield Connection(
                        *("weakness", one.name, [source], [HOST]),
                        places={HOST: row.place} if row.place is not None else None,
                        notes={HOST: note},
                        certain=certain,
                    )
