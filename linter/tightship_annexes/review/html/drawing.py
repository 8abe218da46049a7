"""The map of a project as a picture: boxes in layers, and the lines between them."""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE, Node
from tightship.report.terminal import brief, columns
from tightship_annexes.review.report.mermaid import alike, connection_name, group_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship.isolation.connection import Connection
    from tightship.isolation.reach_map import ReachMap


_LONGEST = 26
_CHARACTER, _PADDING = 7.4, 24
_LINE, _FRAME = 17, 16
# A picture with more boxes shows nobody anything.
_MOST_BOXES = 140
_MOST_NAMED = 40
_WIDEST = 1400
_HUBS = {
    "network": "network",
    "network namespace": "namespace",
    "PID namespace": "namespace",
    "IPC namespace": "namespace",
    "published port": "network",
    "volume": "files",
    "host path": "files",
}


# Who is in one of these reaches all others: lines would hide everything else.
_MARKED = frozenset((kind, "host") for kind in ("network namespace", "PID namespace"))

_GAP_X, _GAP_Y = 52, 16
_WAYPOINT = 8
_SWEEPS = 6
_MARGIN = 8


class Drawing:
    """A picture: its size, boxes and lines.

    ``is_empty`` is true without lines, or with more boxes than a picture can show.
    ``has_marks`` is true if a service is marked for a namespace of the host, which lets it
    reach all others without a line.
    """

    def __init__(self, found: ReachMap) -> None:
        self._found = found
        self._boxes: dict[object, Box] = {}
        self.lines: list[Line] = []
        self.has_marks = False
        self._joined: dict[frozenset[int], Line] = {}
        self._groups = alike(found)
        self._published = frozenset(found.published)
        for node in found.services:
            self._service(node)
            self._mark(node)
        for number, one in enumerate(found.connections):
            if (one.kind, one.name) not in _MARKED:
                self._add(number, one)
        boxes = [*self._boxes.values()]
        self.is_empty = len(boxes) > _MOST_BOXES or not self.lines
        self.width = self.height = 0
        if not self.is_empty:
            first, last = self._boxes.get(OUTSIDE), self._boxes.get(HOST)
            assign_layers(boxes, self.lines, first, last)
            self.width, self.height = lay_out(boxes, self.lines)

    @property
    def is_wide(self) -> bool:
        """Return whether it would be too small to read in the width of a page."""
        return self.width > _WIDEST

    @property
    def boxes(self) -> list[Box]:
        """Return all boxes."""
        return [*self._boxes.values()]

    def path(self, line: Line) -> str:
        """Return the path of a line: curves from the side of one box to that of another."""
        parts: list[str] = []
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

    def _mark(self, node: Node) -> None:
        """Mark a service that is in a namespace of the host."""
        container = self._found.profiles[node].container
        for kind, text in (("network", "network of the host"), ("pid", "PIDs of the host")):
            if container.namespace(kind).is_host:
                self.has_marks = True
                self._note(node, text)

    def _add(self, number: int, one: Connection) -> None:
        if one.kind == "weakness":
            for node in one.sources:
                self._line(self._service(node), self._end(HOST), "host", one, arrow=True)
                self._note(node, one.name)
        elif one.kind == "host network" and OUTSIDE not in one.sources:
            return
        elif OUTSIDE in one.sources:
            for node in one.targets:
                box = self._service(node)
                self._line(self._end(OUTSIDE), box, "outside", one, arrow=True)
                if one.kind == "published port" and len(self._groups[node]) == 1:
                    self._note(node, one.notes.get(node, ""))
        elif one.kind in _HUBS and one.leads_on and one.targets[0].kind == "service":
            self._hub(number, one)

    def _hub(self, number: int, one: Connection) -> None:
        """Add a connection that several share as its own box."""
        targets = list(one.targets)
        if one.kind == "published port":
            # The arrow from outside shows that everybody reaches them.
            targets = [node for node in targets if node not in self._published]
        if not targets:
            return
        text = connection_name(one)
        box = self._boxes[number] = _box(_HUBS[one.kind], [_short(text)], text)
        for node in one.sources:
            self._line(self._service(node), box, "shared", one, arrow=False)
        for node in targets:
            if node not in one.sources:
                self._line(box, self._service(node), "shared", one, arrow=True)

    def _line(self, start: Box, end: Box, kind: str, one: Connection, *, arrow: bool) -> None:
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
        group = self._groups[node]
        if group[0] not in self._boxes:
            names = ", ".join(one.name for one in group[:_MOST_NAMED])
            kind = "store" if group[0] in self._found.stores else "service"
            self._boxes[group[0]] = _box(kind, [_short(group_name(group))], names)
        return self._boxes[group[0]]


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


class Box:
    """A node of a drawing, and its place once it is laid out.

    ``lines`` are the texts in it, and ``title`` its whole name. A waypoint has none.
    """

    __slots__ = ("height", "kind", "layer", "lines", "title", "width", "x", "y")

    def __init__(
        self, kind: str, lines: Sequence[str] = (), title: str = "", width: int = 0
    ) -> None:
        self.kind = kind
        self.lines = list(lines)
        self.title = title
        self.width = width
        self.height = _WAYPOINT
        self.layer = -1
        self.x = self.y = 0.0

    @property
    def middle(self) -> float:
        """Return the height of its middle."""
        return self.y + self.height / 2


class Line:
    """A line between two boxes; with ``arrow`` it points to the second one."""

    __slots__ = ("arrow", "certain", "end", "kind", "points", "start")

    def __init__(self, start: Box, end: Box, kind: str, *, arrow: bool, certain: bool) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.arrow = arrow
        self.certain = certain
        self.points: list[Box] = []


def assign_layers(
    boxes: Sequence[Box], lines: Iterable[Line], first: Box | None, last: Box | None
) -> None:
    """Put each box into the layer of its distance from the first one.

    Those that are not connected with it begin in layer 1, and the last one is behind all
    that lead to it.
    """
    near: dict[int, list[Box]] = {id(box): [] for box in boxes}
    for line in lines:
        near[id(line.start)].append(line.end)
        near[id(line.end)].append(line.start)
    for start in (first, *boxes):
        if start is None or start is last or start.layer >= 0:
            continue
        start.layer = 0 if start is first else 1
        todo = [start]
        for box in todo:
            for other in near[id(box)]:
                if other is not last and other.layer < 0:
                    other.layer = box.layer + 1
                    todo.append(other)
    if last is not None:
        last.layer = 1 + max(box.layer for box in near[id(last)])


def lay_out(boxes: Sequence[Box], lines: Sequence[Line]) -> tuple[int, int]:
    """Give each box its place, and each line its points; return width and height."""
    layers: list[list[Box]] = [[] for _ in range(1 + max(box.layer for box in boxes))]
    for box in boxes:
        layers[box.layer].append(box)
    near: dict[int, list[Box]] = {id(box): [] for box in boxes}
    for line in lines:
        line.points = [line.start, *_waypoints(line, layers), line.end]
        for one, other in zip(line.points, line.points[1:], strict=False):
            near.setdefault(id(one), []).append(other)
            near.setdefault(id(other), []).append(one)
    _place(layers, near)
    x = float(_MARGIN)
    for layer in layers:
        width = max((box.width for box in layer), default=0)
        for box in layer:
            if box.kind == "waypoint":
                box.width = width
            box.x = x + (width - box.width) / 2
        x += width + _GAP_X
    every = [box for layer in layers for box in layer]
    top = min(box.y for box in every) - _MARGIN
    for box in every:
        box.y -= top
    height = max(box.y + box.height for box in every) + _MARGIN
    return int(x - _GAP_X + _MARGIN), int(height)


def _waypoints(line: Line, layers: Sequence[list[Box]]) -> list[Box]:
    """Return a waypoint in each layer that a line passes, from its start on."""
    first, last = line.start.layer, line.end.layer
    step = 1 if last > first else -1
    made: list[Box] = []
    for number in range(first + step, last, step):
        waypoint = Box("waypoint")
        waypoint.layer = number
        layers[number].append(waypoint)
        made.append(waypoint)
    return made


def _place(layers: Sequence[list[Box]], near: dict[int, list[Box]]) -> None:
    """Order the boxes of each layer by their neighbours, and set their heights."""
    for layer in layers:
        _stack(layer)
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wanted = {
                id(box): _mean([other.middle for other in near[id(box)]], box.middle)
                for box in layer
                if id(box) in near
            }
            layer.sort(key=lambda box: wanted.get(id(box), box.middle))
            _settle(layer, wanted)


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _stack(layer: Sequence[Box]) -> None:
    total = sum(box.height + _GAP_Y for box in layer) - _GAP_Y
    y = -total / 2
    for box in layer:
        box.y = y
        y += box.height + _GAP_Y


def _settle(layer: Sequence[Box], wanted: dict[int, float]) -> None:
    """Put boxes as near to where they want to be as the gaps between them let."""
    y = float("-inf")
    for box in layer:
        box.y = max(y, wanted.get(id(box), box.middle) - box.height / 2)
        y = box.y + box.height + _GAP_Y
    # All moved down; half of that is taken back.
    moved = _mean([box.middle - wanted.get(id(box), box.middle) for box in layer], 0.0)
    for box in layer:
        box.y -= moved
