"""The edges of the map that a change adds or removes, as a Mermaid diagram.

New edges are thick, those that are gone are dotted. Only services with such an edge are
nodes. Names come from files: nodes get ids of our own, and texts go through `label`.
"""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE
from tightship.report.comparison import without_secrets
from tightship.report.mermaid import label
from tightship.report.reach_picture import connection_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.engine.compare.change import EdgeChange
    from tightship.isolation.connection import Node

_MOST_EDGES = 60
# Fewer edges are clearer without a node of their network.
_LEAST_OF_HUB = 4


def changed_map(edges: Sequence[EdgeChange]) -> list[str]:
    """Return the lines of a flow chart; none without edges."""
    if not edges:
        return []
    ids: dict[Node, str] = {OUTSIDE: "outside", HOST: "host"}
    nodes = dict.fromkeys(node for one in edges for node in (one.source, one.target))
    for number, node in enumerate(node for node in nodes if node not in ids):
        ids[node] = f"s{number}"
    lines = [*_lines(edges, ids)]
    if len(lines) > _MOST_EDGES:
        more = len(lines) - _MOST_EDGES
        lines = [*lines[:_MOST_EDGES], f'  more(["{more} more edges"])']
    shapes = {OUTSIDE: '(("outside"))', HOST: '{{"host"}}'}
    boxes = [f"  {ids[node]}{shapes.get(node) or _box(node)}" for node in nodes]
    return ["flowchart LR", *boxes, *lines]


def _box(node: Node) -> str:
    return f'["{label(node.name)}"]'


def edge_text(one: EdgeChange) -> str:
    """Return how the target of an edge is reached, in a few words."""
    connection = one.connection
    note = connection.notes.get(one.target, "")
    if connection.kind == "published port" and note:
        text = f"port {note}"
    elif connection.kind == "network":
        text = f"network {connection.name}"
    else:
        text = connection_name(connection)
    return without_secrets(text) + ("" if connection.certain else " (possible)")


def _lines(edges: Sequence[EdgeChange], ids: dict[Node, str]) -> Iterator[str]:
    groups: dict[tuple[bool, str], list[EdgeChange]] = {}
    for number, one in enumerate(edges):
        key = edge_text(one) if one.is_mutual else str(number)
        groups.setdefault((one.is_new, key), []).append(one)
    for number, ((is_new, text), group) in enumerate(groups.items()):
        joined = _joined(group) if len(group) >= _LEAST_OF_HUB else None
        if joined is None:
            yield from (_edge(one, ids) for one in group)
            continue
        hub = f"n{number}"
        yield f'  {hub}(["{label(text)}"])'
        for node in _members(group):
            line = "---"
            if node in joined:
                line = '== "new" ===' if is_new else '-. "gone" .-'
            yield f"  {ids[node]} {line} {hub}"


def _edge(one: EdgeChange, ids: dict[Node, str]) -> str:
    text = label(f"{'new' if one.is_new else 'gone'}: {edge_text(one)}")
    source, target = ids[one.source], ids[one.target]
    if one.is_mutual:
        line = f'== "{text}" ===' if one.is_new else f'-. "{text}" .-'
        return f"  {source} {line} {target}"
    return f'  {source} {"==>" if one.is_new else "-.->"}|"{text}"| {target}'


def _joined(group: Iterable[EdgeChange]) -> set[Node] | None:
    """Return who joined, or left, a network, if that is all that its edges say.

    That is who has an edge to every other member, if there is no edge between others.
    """
    pairs = {frozenset((one.source, one.target)) for one in group}
    members = [*_members(group)]
    joined = {
        one
        for one in members
        if all(frozenset((one, other)) in pairs for other in members if other != one)
    }
    return joined if all(pair & joined for pair in pairs) else None


def _members(group: Iterable[EdgeChange]) -> dict[Node, None]:
    return dict.fromkeys(node for one in group for node in (one.source, one.target))
