"""Who reaches what in a project, as text and as data."""

from __future__ import annotations

from tightship.isolation.reach_map import LIMITS, way_to
from tightship.isolation.reach_paths import paths
from tightship.isolation.separation import best_separation
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief, columns
from tightship.report.wording import counted
from tightship_annexes.review.report import reach_wording as wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.connection import Connection, Node
    from tightship.isolation.reach_map import ReachMap
    from tightship.report.json import Json
    from tightship.report.terminal import Paint


_MOST_PATHS = 20
_MOST_LINES = 60
_WIDEST = 40
_WIDTH = 88


def as_text(found: ReachMap, paint: Paint) -> str:
    """Return the map of a project."""
    lines = [f"{wording.heading(found)}."]
    for section in wording.sections(found):
        rows = [(line.what, line.who, line.place) for line in section.lines]
        lines += "", paint("bold", section.title), *_rows(rows, paint)
    every = paths(found)
    lines += "", paint("bold", "Paths"), f"  {wording.counts(every)}"
    for path in every[:_MOST_PATHS]:
        sure = "" if path.certain else paint("dim", " (possible)")
        route = wording.route(path)
        if path.certain and path.target.kind == "host":
            route = paint("error", route)
        lines.append(f"  {route}{sure}")
        lines.append(f"    {paint('dim', ' / '.join(wording.reasons(path.steps)))}")
    if len(every) > _MOST_PATHS:
        lines.append(f"  and {counted(len(every) - _MOST_PATHS, 'longer path')}")
    best = wording.change(best_separation(found), len(every))
    if best:
        lines.append(f"  {best}")
    lines += _unknown(found, paint)
    return _text(lines)


def of_service(found: ReachMap, start: Node, paint: Paint) -> str:
    """Return what someone who owns a service reaches."""
    lines = [f"Who owns {paint('bold', wording.name(start))} reaches"]
    gap = found.unchecked.get(start.name)
    if gap is not None:
        reason = brief(without_secrets(gap.reason))
        lines.insert(0, paint("warning", f"{wording.name(start)} was not checked: {reason}"))
    direct: list[tuple[str, str, str]] = []
    further: list[tuple[str, str, str]] = []
    for target, (reason, *through), place in wording.steps_from(found, start):
        if through:
            row = wording.name(target), f"through {', '.join(through)}: {reason}", place
            further.append(row)
        else:
            direct.append((wording.name(target), reason, place))
    lines += _rows(direct, paint) or ["  nothing"]
    if further:
        lines += "", "and from there", *_rows(further, paint)
    incoming = [
        node
        for node, steps in ((one, found.ways_from(one)) for one in found.published)
        if start in steps
    ]
    if start in found.published:
        lines += "", "It is reached from outside directly."
    elif incoming:
        lines += "", f"It is reached from outside through {wording.names(incoming)}."
    lines += _unknown(found, paint, start)
    return _text(lines)


def closing() -> str:
    """Return what no file tells, to end a report with."""
    return _text(["", *_wrapped(LIMITS)])


def _rows(rows: Sequence[tuple[str, str, str]], paint: Paint) -> list[str]:
    margin = min(max((columns(first) for first, *_ in rows), default=0), _WIDEST)
    made: list[str] = []
    for first, second, place in rows[:_MOST_LINES]:
        gap = " " * max(margin - columns(first), 0)
        shown = f"  {paint('dim', place)}" if place else ""
        made.append(f"  {first}{gap}  {second}{shown}")
    if len(rows) > _MOST_LINES:
        made.append(f"  and {len(rows) - _MOST_LINES} more")
    return made


def _unknown(found: ReachMap, paint: Paint, only: Node | None = None) -> Iterator[str]:
    """Yield what is known only at run time."""
    doubts = wording.doubts(found, only)
    if doubts:
        yield ""
        yield paint("bold", "Known only at run time")
        yield from (f"  {brief(why)}" for why in doubts)


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def as_data(found: ReachMap) -> dict[str, Json]:
    """Return the map of a project."""
    every, best = paths(found), best_separation(found)
    return {
        "services": [
            {
                "name": node.name,
                "published": node in found.published,
                "store": node in found.stores,
                "grade": found.profiles[node].grade,
                "unknown": _unknown_of(found, node),
            }
            for node in found.services
        ],
        "connections": [_connection(one) for one in found.connections],
        "paths": [
            {"target": _node(path.target), "certain": path.certain, "steps": _steps(path.steps)}
            for path in every
        ],
        "change": None
        if best is None
        else {
            "kind": best.kind,
            "name": best.name,
            "services": [node.name for node in best.services],
            "cuts": best.cuts,
            "of": best.of,
        },
        "limits": LIMITS,
    }


def of_services(found: ReachMap, starts: Sequence[Node]) -> dict[str, Json]:
    """Return what someone who owns each of some services reaches, the nearest first."""
    return {"services": [_of_service(found, one) for one in starts]}


def _of_service(found: ReachMap, start: Node) -> Json:
    certain = found.ways_from(start, certain=True)
    possible = found.ways_from(start)
    reached: list[Json] = []
    for target in (*certain, *(node for node in possible if node not in certain)):
        way = way_to(target, certain if target in certain else possible)
        reached.append(
            {
                **_node(target),
                "certain": all(one.certain for _, one, _ in way),
                "steps": _steps(way),
            }
        )
    return {"name": start.name, "reaches": reached, "unknown": _unknown_of(found, start)}


def _unknown_of(found: ReachMap, node: Node) -> str | None:
    gap = found.unchecked.get(node.name)
    return without_secrets(gap.reason) if gap is not None else found.doubts.get(node.name)


def _node(node: Node) -> dict[str, Json]:
    return {"kind": node.kind, "name": node.name}


def _connection(one: Connection) -> Json:
    places: list[Json] = [
        {"node": _node(node), "path": place.source.name, "line": place.line}
        for node, place in one.places.items()
    ]
    return {
        "kind": one.kind,
        "name": one.name,
        "sources": [_node(node) for node in one.sources],
        "targets": [{**_node(node), "note": one.notes.get(node, "")} for node in one.targets],
        "certain": one.certain,
        "leads_on": one.leads_on,
        "places": places,
    }


def _steps(steps: Sequence[tuple[Node, Connection, Node]]) -> list[Json]:
    return [
        {
            "from": _node(source),
            "to": _node(target),
            "kind": one.kind,
            "name": one.name,
            "reason": one.reason(target),
        }
        for source, one, target in steps
    ]
