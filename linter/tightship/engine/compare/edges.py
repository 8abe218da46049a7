"""Edges of the map of a project that a change adds or removes.

An edge says that a node reaches another one directly, and how. Other names of services,
networks or volumes change no edge, and neither does another way through the network.
"""

from __future__ import annotations

from tightship.engine.compare.change import EdgeChange
from tightship.isolation.connection import OUTSIDE, Node
from tightship.isolation.reach_map import ReachMap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tightship.isolation.connection import Connection
    from tightship.isolation.profile import Profile

    # Who reaches whom, and how.
    Key = tuple[Node, Node, str]
    Edges = dict[Key, Connection]

_NETWORKING = frozenset(("network", "network namespace", "host network", "published port"))


def edge_changes(
    before: Sequence[Profile], after: Sequence[Profile], new_names: Mapping[str, str]
) -> tuple[EdgeChange, ...]:
    """Return the edges that are only on one side, new ones first.

    Args:
        before: the services before the change.
        after: the services after it.
        new_names: the names that renamed services have now, by those before.

    """
    old, new = _edges(before, new_names), _edges(after, {})
    return (*_changes(new, old, is_new=True), *_changes(old, new, is_new=False))


def _edges(profiles: Sequence[Profile], names: Mapping[str, str]) -> Edges:
    """Return the edges of a map, each with a connection: a certain one, if there is."""

    def named(node: Node) -> Node:
        is_renamed = node.kind == "service" and node.name in names
        return Node("service", names[node.name]) if is_renamed else node

    found: Edges = {}
    for one in ReachMap(profiles).connections if profiles else ():
        if not one.leads_on and one.kind in ("volume", "host path"):
            continue  # both only read it
        for source in map(named, one.sources):
            for target in map(named, one.targets):
                if target.kind not in ("service", "host") or source == target:
                    continue
                key = source, target, _how(one)
                if key not in found or (one.certain and not found[key].certain):
                    found[key] = one
    return found


def _how(one: Connection) -> str:
    if one.kind == "weakness":
        return one.name
    return "network" if one.kind in _NETWORKING else one.kind


def _changes(own: Edges, others: Edges, *, is_new: bool) -> Iterator[EdgeChange]:
    """Yield the edges of one side that the other lacks; one in both directions once."""
    edges = {key: one for key, one in own.items() if key not in others}
    published = {target for source, target, _ in edges if source == OUTSIDE}
    members: dict[tuple[str, str], set[Node]] = {}
    for (source, target, _), one in others.items():
        members.setdefault((one.kind, one.name), set()).update((source, target))
    done = set[tuple[Node, Node, str]]()
    for (source, target, how), one in edges.items():
        if one.kind == "published port" and source != OUTSIDE and target in published:
            continue  # as everybody does
        if (source, target, how) in done:
            continue
        is_mutual = (target, source, how) in edges
        done.add((target, source, how))
        moved = {source, target}.difference(members.get((one.kind, one.name), ()))
        yield EdgeChange(
            *(source, target, one), is_new=is_new, is_mutual=is_mutual, moved=frozenset(moved)
        )
