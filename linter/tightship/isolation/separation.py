"""The one change that cuts most of the paths from outside to the host and to data stores.

Changes are tried one by one: giving up a weakness that hands over the host, a separate network
for some services, a private namespace in place of the host's, a port of a data
store on the loopback interface only. No change separates services that need each other, as
far as the files show it.
"""

from __future__ import annotations

from itertools import islice

from tightship.isolation.command import commands_in
from tightship.isolation.connection import OUTSIDE, Connection
from tightship.isolation.reach_paths import count_pairs, targets_of
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.value import MappingValue, ScalarValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal, TypeAlias

    from tightship.isolation.connection import Node
    from tightship.isolation.reach_map import ReachMap

    Kind: TypeAlias = Literal["weakness", "namespace", "network", "port"]
    _Change: TypeAlias = tuple[Kind, str, tuple[Node, ...], list[Connection]]

    from tightship.isolation.container import Container

# The namespaces of the host through which services reach others, and their connections.
_OF_HOST: dict[str, tuple[str, ...]] = {
    "network": ("host network", "network namespace"),
    "PID": ("PID namespace",),
}
# The most changes that are tried, and the most services that one of them names.
_MOST = 60
_MOST_NAMED = 8


class Separation(Record):
    """A change, and how many of all paths it cuts.

    ``kind`` is a ``weakness`` that the service gives up, a ``namespace`` of the host that
    it leaves, a separate ``network`` for the services, or a ``port`` that is
    published on the loopback interface only. ``name`` is that of the weakness, of the
    namespace, or of the network that the services leave.
    """

    kind: Kind
    name: str
    services: tuple[Node, ...]
    cuts: int
    of: int

    @property
    def title(self) -> str:
        """Return the change as a noun phrase."""
        names = [f"`{node.name}`" for node in self.services]
        listed = ", ".join(names[:-1]) + f" and {names[-1]}" if names[1:] else names[0]
        if self.kind == "weakness":
            return f"{listed} without its {self.name}"
        if self.kind == "namespace":
            return f"{listed} outside of the {self.name} namespace of the host"
        if self.kind == "port":
            return f"the ports of {listed} on 127.0.0.1 only"
        return f"a separate network for {listed}"

    def __repr__(self) -> str:
        return f"Separation({self.title}: {self.cuts} of {self.of})"


def best_separation(found: ReachMap) -> Separation | None:
    """Return the change that cuts most paths, or None where none cuts any.

    Of several, it is one inside of the project, and one that concerns few services.
    """
    targets = targets_of(found)
    total = sum(count_pairs(found.connections, targets).values())
    if not total:
        return None
    published = frozenset(found.published)
    made: list[tuple[tuple[int, bool, int], Separation]] = []
    for kind, name, services, connections in islice(_changes(found), _MOST):
        cuts = total - sum(count_pairs(connections, targets).values())
        is_inside = kind != "network" or published.isdisjoint(services)
        rank = (-cuts, not is_inside, len(services))
        made.append((rank, Separation(kind, name, tuple(services), cuts, total)))
    _, best = min(made, key=lambda one: one[0], default=(None, None))
    return best if best is not None and best.cuts else None


def _changes(found: ReachMap) -> Iterator[_Change]:
    """Yield changes, each with the connections after it."""
    every = found.connections
    for given in every:
        if given.kind == "weakness":
            rest = [one for one in every if one is not given]
            yield "weakness", given.name, given.sources, rest
    yield from _namespaces(found)
    for store in found.services:
        if store in found.stores and store in found.published:
            rest = [
                one.without(targets=[store])
                if one.kind == "published port" and OUTSIDE in one.sources
                else one
                for one in every
            ]
            yield "port", "", (store,), rest
    yield from _networks(found)


def _namespaces(found: ReachMap) -> Iterator[_Change]:
    """Yield each service that leaves the host's network or PID namespace."""
    needed = needed_services([one.container for one in found.profiles.values()])
    for namespace, kinds in _OF_HOST.items():
        for node in found.services:
            container = found.profiles[node].container
            # One that others need may be reached by an address of the host.
            is_bound = namespace == "network" and needed[node.name]
            if container.namespace(namespace.lower()).is_host and not is_bound:
                rest = [_after_leaving(one, node, namespace, kinds) for one in found.connections]
                yield "namespace", namespace, (node,), rest


def _after_leaving(
    one: Connection, node: Node, namespace: str, kinds: tuple[str, ...]
) -> Connection:
    """Return a connection after a service has left a namespace of the host."""
    if one.kind in kinds and one.name == "host":
        # A service that stays in the host's PID namespace sees all others.
        targets = [node] if namespace == "network" else []
        return one.without(sources=[node], targets=targets)
    if namespace == "network" and (one.kind, one.name) == ("network", "default"):
        members = (*one.sources, node)
        return Connection("network", one.name, members, members, certain=one.certain)
    return one


def _networks(found: ReachMap) -> Iterator[_Change]:
    needed = needed_services([one.container for one in found.profiles.values()])
    # What a published service passes on to others may be in a file that is not read.
    unclear = {
        node for node in found.published if node not in found.stores and not needed[node.name]
    }
    for network in found.connections:
        if network.kind != "network" or not network.is_mutual:
            continue
        if not unclear.isdisjoint(network.sources):
            continue
        for group in _groups(network.sources, needed):
            if len(group) > _MOST_NAMED or len(group) == len(network.sources):
                continue
            yield "network", network.name, group, _split(found, network, group)


def _split(found: ReachMap, network: Connection, group: tuple[Node, ...]) -> list[Connection]:
    """Return the connections after a group has left a network for one of its own."""
    rest = [one for one in found.connections if one is not network]
    rest.append(network.without(sources=group, targets=group))
    rest.append(Connection("network", "", group, group, certain=network.certain))
    return rest


def _groups(members: Sequence[Node], needed: Mapping[str, set[str]]) -> Iterator[tuple[Node, ...]]:
    """Yield the groups of members that need one another, directly or not."""
    by_name = {node.name: node for node in members}
    seen: set[str] = set()
    for name in by_name:
        if name in seen:
            continue
        seen.add(name)
        todo = [name]
        for one in todo:
            for other in needed[one]:
                if other in by_name and other not in seen:
                    seen.add(other)
                    todo.append(other)
        yield tuple(node for node in members if node.name in todo)


_WORDS = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST = 2_000


def needed_services(containers: Sequence[Container]) -> dict[str, set[str]]:
    """Return for each service the services that it needs, or that need it."""
    names: dict[str, str] = {}
    for one in containers:
        for name in _names(one):
            names.setdefault(name, one.name)
    found = {one.name: set[str]() for one in containers}
    for one in containers:
        for name in (*_dependencies(one), *_mentioned(one, names)):
            if name != one.name and name in found:
                found[one.name].add(name)
                found[name].add(one.name)
    return found


def _names(container: Container) -> Iterator[str]:
    """Yield the names by which others may speak of a service."""
    yield container.name
    for key in ("container_name", "hostname"):
        if name := container.text(key).value:
            yield name
    for network in container.networks:
        for alias in container.texts("networks", network, "aliases").items:
            if alias.value:
                yield alias.value


def _dependencies(container: Container) -> Iterator[str]:
    listed = container.value("depends_on")
    if isinstance(listed, MappingValue):
        yield from listed.entries
    for key in ("depends_on", "links", "volumes_from"):
        for item in container.texts(key).items:
            yield (item.value or "").partition(":")[0]


def _mentioned(container: Container, names: dict[str, str]) -> Iterator[str]:
    """Yield the services whose names are words of a variable or of the command."""
    texts: list[str] = []
    for pair in container.environment.values():
        source = pair.value.source
        text = source.text if isinstance(source, ScalarValue) else pair.value.value or ""
        texts.append(text.removeprefix(f"{pair.name}="))
    for key in ("entrypoint", "command"):
        for line in commands_in(container.value(key)):
            texts += (word.text for word in line)
    for text in texts:
        for word in _WORDS.findall(text[:_LONGEST]):
            if word in names:
                yield names[word]
