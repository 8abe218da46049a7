"""The map of a project as a picture: boxes and lines for an SVG."""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE, Node
from tightship.report.html.layers import Box, Line, assign_layers, lay_out
from tightship.report.terminal import brief, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.connection import Connection
    from tightship.isolation.reach_map import ReachMap

_LONGEST = 26
_CHARACTER, _PADDING = 7.4, 24
_LINE, _FRAME = 17, 16
# Services with the same connections are one box in a project that has more than this,
# and a picture with more boxes than that shows nobody anything.
_MOST_SERVICES = 24
_MOST_BOXES = 140
_HUBS = {
    "network": "network",
    "network namespace": "namespace",
    "PID namespace": "namespace",
    "IPC namespace": "namespace",
    "host network": "network",
    "published port": "network",
    "volume": "files",
    "host path": "files",
}


class Drawing:
    """A picture: its size, boxes and lines; ``is_empty`` where there is nothing to see."""

    def __init__(self, found: ReachMap) -> None:
        self._found = found
        self._boxes: dict[object, Box] = {}
        self.lines: list[Line] = []
        self._joined: dict[frozenset[int], Line] = {}
        self._groups = dict(_groups(found))
        self._published = frozenset(found.published)
        for node in found.services:
            self._service(node)
        for number, one in enumerate(found.connections):
            self._add(number, one)
        boxes = [*self._boxes.values()]
        self.is_empty = len(boxes) > _MOST_BOXES or not self.lines
        self.width = self.height = 0
        if not self.is_empty:
            first, last = self._boxes.get(OUTSIDE), self._boxes.get(HOST)
            assign_layers(boxes, self.lines, first, last)
            self.width, self.height = lay_out(boxes, self.lines)

    @property
    def boxes(self) -> list[Box]:
        """Return all boxes."""
        return [*self._boxes.values()]

    def path(self, line: Line) -> str:
        """Return the path of a line: curves from the side of one box to that of another."""
        parts = list[str]()
        for one, other in zip(line.points, line.points[1:], strict=False):
            forward = other.layer > one.layer
            x, end = one.x, other.x + other.width
            if forward:
                x, end = one.x + one.width, other.x
            if not parts:
                parts.append(f"M{x:.0f} {one.middle:.0f}")
            half = (x + end) / 2
            parts.append(
                f"C{half:.0f} {one.middle:.0f} {half:.0f} {other.middle:.0f}"
                f" {end:.0f} {other.middle:.0f}"
            )
            if other.kind == "waypoint":
                # It goes straight through the column.
                parts.append(f"H{other.x + (other.width if forward else 0):.0f}")
        return "".join(parts)

    def _add(self, number: int, one: Connection) -> None:
        if one.kind == "weakness":
            for node in one.sources:
                self._line(
                    self._service(node), self._end(HOST), "host", one, arrow=True
                )
                self._note(node, one.name)
        elif OUTSIDE in one.sources:
            for node in one.targets:
                box = self._service(node)
                self._line(self._end(OUTSIDE), box, "outside", one, arrow=True)
                if one.kind == "published port" and node not in self._groups:
                    self._note(node, one.notes.get(node, ""))
        elif one.kind in _HUBS and one.leads_on and one.targets[0].kind == "service":
            self._hub(number, one)

    def _hub(self, number: int, one: Connection) -> None:
        """Add a connection that several share as a box of its own."""
        targets = list(one.targets)
        if one.kind == "published port":
            # The arrow from outside shows that everybody reaches them.
            targets = [node for node in targets if node not in self._published]
        if not targets:
            return
        key = (one.kind, one.name) if one.kind == "host network" else number
        box = self._boxes.get(key)
        if box is None:
            title = "network of the host" if one.kind == "host network" else one.name
            text = title or one.kind
            if _HUBS[one.kind] == "namespace":
                text = f"{one.kind} of {one.name}"
            box = self._boxes[key] = _box(_HUBS[one.kind], [_short(text)], text)
        for node in one.sources:
            self._line(self._service(node), box, "shared", one, arrow=False)
        for node in targets:
            if node not in one.sources:
                self._line(box, self._service(node), "shared", one, arrow=True)

    def _line(
        self, start: Box, end: Box, kind: str, one: Connection, *, arrow: bool
    ) -> None:
        pair = frozenset((id(start), id(end)))
        known = self._joined.get(pair)
        if known is None:
            known = Line(start, end, kind, arrow=arrow, certain=one.certain)
            self._joined[pair] = known
            self.lines.append(known)
        known.certain = known.certain or one.certain

    def _note(self, node: Node, text: str) -> None:
        box, shown = self._service(node), _short(text)
        if shown and shown not in box.lines:
            box.lines.append(shown)
            _measure(box)

    def _end(self, node: Node) -> Box:
        if node not in self._boxes:
            self._boxes[node] = _box(node.kind, [node.name], node.name)
        return self._boxes[node]

    def _service(self, node: Node) -> Box:
        group = self._groups.get(node, (node,))
        if group[0] not in self._boxes:
            names = [one.name for one in group]
            text = (
                names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
            )
            kind = "store" if group[0] in self._found.stores else "service"
            self._boxes[group[0]] = _box(kind, [_short(text)], ", ".join(names[:40]))
        return self._boxes[group[0]]


def _groups(found: ReachMap) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Yield services with their group where a big project has several alike."""
    if len(found.services) <= _MOST_SERVICES:
        return
    alike: dict[tuple[object, ...], list[Node]] = {}
    parts: dict[Node, list[object]] = {node: [] for node in found.services}
    for number, one in enumerate(found.connections):
        if one.kind in ("secret", "config") or one.targets[0].kind == "host path":
            continue
        key: object = one.name if one.kind == "weakness" else number
        for side, nodes in (("source", one.sources), ("target", one.targets)):
            for node in nodes:
                if node in parts:
                    parts[node].append((one.kind, key, side))
    for node, keys in parts.items():
        alike.setdefault((node in found.stores, *keys), []).append(node)
    for members in alike.values():
        if len(members) > 1:
            for node in members:
                yield node, tuple(members)


def _box(kind: str, lines: Sequence[str], title: str) -> Box:
    box = Box(kind, lines, brief(title, 600))
    _measure(box)
    return box


def _measure(box: Box) -> None:
    box.width = int(max(columns(line) for line in box.lines) * _CHARACTER) + _PADDING
    box.height = len(box.lines) * _LINE + _FRAME


def _short(text: str) -> str:
    shown = brief(text, 200)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
