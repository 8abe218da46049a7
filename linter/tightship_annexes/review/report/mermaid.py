"""Who reaches what, as a Mermaid diagram, which code hosts render in Markdown."""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE, Node
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.isolation.connection import Connection
    from tightship.isolation.reach_map import ReachMap
    from tightship_annexes.review.compare.change import EdgeChange


_LONGEST = 60
# Code hosts refuse larger diagrams: 50,000 characters and 500 edges by default (Mermaid,
# configuration, `maxTextSize` and `maxEdges`).
_MOST_LINES = 450
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,/:()")

# Services with the same connections are one box in a project that has more than this.
_MOST_SERVICES = 24

_MOST_EDGES = 12
# Fewer edges are clearer without a node of their network.
_LEAST_OF_HUB = 4


def diagram(found: ReachMap, starts: Sequence[Node] = ()) -> str:
    """Return a flow chart; with starts, only of what these reach."""
    kept = set(found.services)
    if starts:
        kept = {*starts, *(node for one in starts for node in found.ways_from(one))}
    drawing = _Drawing(found, kept, frozenset(starts))
    lines = [*drawing.lines()]
    if len(lines) > _MOST_LINES:
        more = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], f'  more(["{more} more edges"])']
    return "".join(f"{line}\n" for line in ("flowchart LR", *lines))


class _Drawing:
    """Nodes get ids of our own, for their names come from files."""

    def __init__(self, found: ReachMap, kept: set[Node], starts: frozenset[Node]) -> None:
        self._found = found
        self._kept = kept
        self._starts = starts
        self._published = frozenset(() if starts else found.published)
        # Services that are one box have one id.
        self._groups = alike(found)
        self._ids: dict[Node, str] = {OUTSIDE: "outside", HOST: "host"}
        for number, node in enumerate(found.services):
            self._ids.setdefault(self._groups[node][0], f"s{number}")
            self._ids[node] = self._ids[self._groups[node][0]]

    def lines(self) -> Iterator[str]:
        """Yield nodes, then edges."""
        edges = [*dict.fromkeys(self._edges())]
        used = {word for edge in edges for word in edge.split()}
        if "outside" in used:
            yield '  outside(("outside"))'
        for node in self._found.services:
            if node in self._kept and node == self._groups[node][0]:
                yield f"  {self._ids[node]}{self._shape(node)}"
        if "host" in used:
            yield '  host{{"host"}}'
        yield from edges
        marked = [self._ids[node] for node in self._found.services if self._owns(node)]
        if "host" not in used:
            return
        yield "  classDef host stroke:#c0392b,stroke-width:2px"
        yield f"  class {','.join(dict.fromkeys([*marked, 'host']))} host"

    def _shape(self, node: Node) -> str:
        text = label(group_name(self._groups[node]))
        if node.name in self._found.unchecked:
            text += " (not checked)"
        if node in self._starts:
            return f'[["{text}"]]'
        return f'[("{text}")]' if node in self._found.stores else f'["{text}"]'

    def _owns(self, node: Node) -> bool:
        return node in self._kept and any(
            one.kind == "weakness" and one.certain and node in one.sources
            for one in self._found.connections
        )

    def _edges(self) -> Iterator[str]:
        for number, one in enumerate(self._found.connections):
            targets = [n for n in one.targets if n in self._kept or n == HOST]
            sources = [n for n in one.sources if n in self._kept]
            if OUTSIDE in one.sources and not self._starts:
                sources = [OUTSIDE]
            targets = [node for node in targets if node in self._ids]
            if not sources or not targets:
                continue
            if one.kind == "published port" and OUTSIDE not in one.sources:
                # The arrow from outside shows that everybody reaches them.
                targets = [node for node in targets if node not in self._published]
            if not targets:
                continue
            if one.is_mutual:
                yield from self._hub(f"n{number}", one, sources)
            elif not (one.kind in ("volume", "host path") and not one.leads_on):
                yield from self._arrows(f"n{number}", one, sources, targets)

    def _hub(self, key: str, one: Connection, members: Sequence[Node]) -> Iterator[str]:
        """Yield a connection whose members all reach one another as its own node."""
        line = "---" if one.certain else "-.-"
        if len(members) < 2:
            return
        text = label(connection_name(one))
        if len(members) == 2:
            first, second = (self._ids[node] for node in members)
            line = f'-- "{text}" ---' if one.certain else f'-. "{text}" .-'
            if first != second:
                yield f"  {first} {line} {second}"
                return
            line = "---" if one.certain else "-.-"
        yield f'  {key}(["{text}"])'
        yield from (f"  {self._ids[node]} {line} {key}" for node in members)

    def _arrows(
        self, key: str, one: Connection, sources: Sequence[Node], targets: Sequence[Node]
    ) -> Iterator[str]:
        """Yield arrows; many sources and many targets meet in their own node."""
        line, arrow = ("---", "-->") if one.certain else ("-.-", "-.->")
        if len(sources) == 1:
            source = self._ids[sources[0]]
            for target in targets:
                name = connection_name(one)
                if one.kind == "published port":
                    # A box of several services has no ports of its own.
                    is_one = len(self._groups[target]) == 1
                    name = one.notes.get(target, "") if is_one else one.kind
                if target != sources[0]:
                    yield f'  {source} {arrow}|"{label(name)}"| {self._ids[target]}'
            return
        yield f'  {key}(["{label(connection_name(one))}"])'
        for node in sources:
            yield f"  {self._ids[node]} {line if node in targets else arrow} {key}"
        for node in targets:
            if node not in sources:
                yield f"  {key} {arrow} {self._ids[node]}"


def label(text: str) -> str:
    """Return a text inside of quotes: signs of Mermaid or HTML become entities."""
    shown = brief(text, _LONGEST)
    return "".join(char if char in _PLAIN else f"#{ord(char)};" for char in shown)


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


def changed_map(edges: Sequence[EdgeChange]) -> list[str]:
    """Return the lines of a flow chart; none without edges."""
    if not edges:
        return []
    edges = sorted(edges, key=danger)
    ids: dict[Node, str] = {OUTSIDE: "outside", HOST: "host"}
    nodes = dict.fromkeys(node for one in edges for node in (one.source, one.target))
    for number, node in enumerate(node for node in nodes if node not in ids):
        ids[node] = f"s{number}"
    drawn = 0
    lines: list[str] = []
    for line in _lines(edges, ids):
        drawn += not _is_hub(line)
        if drawn <= _MOST_EDGES - _is_hub(line):
            lines.append(line)
    used = {word for line in lines for word in (line.split()[0], line.split()[-1])}
    if drawn > _MOST_EDGES:
        lines.append(f'  more(["{drawn - _MOST_EDGES} more edges"])')
    shapes = {OUTSIDE: '(("outside"))', HOST: '{{"host"}}'}
    shown = [node for node in nodes if ids[node] in used]
    boxes = [f"  {ids[node]}{shapes.get(node) or _box(node)}" for node in shown]
    return ["flowchart LR", *boxes, *lines]


def danger(one: EdgeChange) -> tuple[bool, bool, bool, bool]:
    """Return the order of an edge: those to the host and from outside come first."""
    is_inside = one.target != HOST and one.source != OUTSIDE
    return is_inside, not one.is_new, one.target != HOST, not one.connection.certain


def _is_hub(line: str) -> bool:
    return line.endswith('"])')


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
            for node in dict.fromkeys(node for one in group for node in (one.source, one.target)):
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
