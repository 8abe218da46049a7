"""Who reaches what, as a Mermaid diagram, which code hosts render in Markdown."""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE, Node
from tightship.report.reach_picture import alike, connection_name, group_name
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.connection import Connection
    from tightship.isolation.reach_map import ReachMap

_LONGEST = 60
# Code hosts refuse larger diagrams: 50,000 characters and 500 edges by default (Mermaid,
# configuration, `maxTextSize` and `maxEdges`).
_MOST_LINES = 450
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-.,/:()")


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
