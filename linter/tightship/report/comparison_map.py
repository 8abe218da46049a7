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
    for number, group in enumerate(_groups(edges)):
        if len(group) < _LEAST_OF_HUB:
            yield from (_edge(one, ids) for one in group)
            continue
        hub, first = f"n{number}", group[0]
        word = "new" if first.is_new else "gone"
        yield f'  {hub}(["{label(edge_text(first))}"])'
        if first.connection.is_mutual:
            moved = {node for one in group for node in one.moved}
            changed = f'== "{word}" ===' if first.is_new else f'-. "{word}" .-'
            for node in _members(group):
                yield f"  {ids[node]} {changed if node in moved else '---'} {hub}"
        else:
            arrow = "==>" if first.is_new else "-.->"
            yield f'  {ids[first.source]} {arrow}|"{word}"| {hub}'
            yield from (f"  {hub} {arrow} {ids[one.target]}" for one in group)


def _groups(edges: Iterable[EdgeChange]) -> Iterable[list[EdgeChange]]:
    """Return edges that are one in a picture: all of a network, or all from one source."""
    groups: dict[tuple[object, ...], list[EdgeChange]] = {}
    for one in edges:
        connection = one.connection
        # Where nobody came or went, it is an option that changed.
        is_joined = connection.is_mutual and bool(one.moved)
        whose = None if is_joined else (one.source, connection.is_mutual and one.target)
        key = one.is_new, connection.kind, edge_text(one), whose
        groups.setdefault(key, []).append(one)
    return groups.values()


def _edge(one: EdgeChange, ids: dict[Node, str]) -> str:
    text = label(f"{'new' if one.is_new else 'gone'}: {edge_text(one)}")
    source, target = ids[one.source], ids[one.target]
    if one.is_mutual:
        line = f'== "{text}" ===' if one.is_new else f'-. "{text}" .-'
        return f"  {source} {line} {target}"
    return f'  {source} {"==>" if one.is_new else "-.->"}|"{text}"| {target}'


def _members(group: Iterable[EdgeChange]) -> dict[Node, None]:
    return dict.fromkeys(node for one in group for node in (one.source, one.target))
