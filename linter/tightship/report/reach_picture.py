"""What all pictures of a map share: which services are one box, and names of connections."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.isolation.connection import Connection, Node
    from tightship.isolation.reach_map import ReachMap

# Services with the same connections are one box in a project that has more than this.
_MOST_SERVICES = 24


def alike(found: ReachMap) -> dict[Node, tuple[Node, ...]]:
    """Return the services that are one box, by each of them.

    Each is its own box in a project of a few; in a big one, those with the same
    connections are one.
    """
    if len(found.services) <= _MOST_SERVICES:
        return {node: (node,) for node in found.services}
    parts: dict[Node, list[object]] = {node: [] for node in found.services}
    for number, one in enumerate(found.connections):
        if one.targets[0].kind in ("secret", "config", "host path"):
            continue
        key = one.name if one.kind == "weakness" else number
        for side, nodes in (("source", one.sources), ("target", one.targets)):
            for node in nodes:
                if node in parts:
                    parts[node].append((one.kind, key, side))
    groups: dict[tuple[object, ...], list[Node]] = {}
    for node, keys in parts.items():
        groups.setdefault((node in found.stores, *keys), []).append(node)
    return {node: tuple(members) for members in groups.values() for node in members}


def group_name(group: Sequence[Node]) -> str:
    """Return the name of a box."""
    more = len(group) - 1
    return f"{group[0].name} and {more} more" if more else group[0].name


def connection_name(one: Connection) -> str:
    """Return a short name of a connection."""
    if one.kind in ("weakness", "network"):
        return one.name
    if one.kind == "host network":
        return "network of the host"
    if one.kind.endswith(" namespace"):
        return f"{one.kind} of {'the host' if one.name == 'host' else one.name}"
    return f"{one.kind} {one.name}".rstrip()
