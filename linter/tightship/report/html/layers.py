"""Layers of a drawing: who is in which column, in which order, and at which height.

A simple case of the method of Sugiyama, Tagawa and Toda ("Methods for visual
understanding of hierarchical system structures", 1981): layers by distance, waypoints
where a line passes a layer, orders by the mean of the neighbours.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GAP_X, _GAP_Y = 52, 16
_WAYPOINT = 8
_SWEEPS = 6
_MARGIN = 8


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
    made = list[Box]()
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
