"""Who reaches what, as text for a terminal."""

from __future__ import annotations

from tightship.isolation.reach_map import LIMITS
from tightship.isolation.reach_paths import paths
from tightship.isolation.separation import best_separation
from tightship.report import reach_wording as wording
from tightship.report.terminal import brief, columns
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.isolation.connection import Node
    from tightship.isolation.reach_map import ReachMap
    from tightship.report.reach_wording import Line
    from tightship.report.terminal import Paint

_MOST_PATHS = 20
_MOST_LINES = 60
_WIDEST = 40
_WIDTH = 88


def as_text(found: ReachMap, paint: Paint) -> str:
    """Return the map of a project."""
    lines = [f"{wording.heading(found)}."]
    for section in wording.sections(found):
        lines += "", paint("bold", section.title), *_table(section.lines, paint)
    every = paths(found)
    lines += "", paint("bold", "Paths"), f"  {wording.counts(every)}"
    for path in every[:_MOST_PATHS]:
        sure = "" if path.certain else paint("dim", " (possible)")
        lines.append(f"  {wording.route(path)}{sure}")
        lines.append(f"    {paint('dim', ' / '.join(wording.reasons(path.steps)))}")
    if len(every) > _MOST_PATHS:
        lines.append(f"  and {counted(len(every) - _MOST_PATHS, 'longer path')}")
    best = wording.change(best_separation(found), len(every))
    if best:
        lines.append(f"  {best}")
    lines += ["", *_unknown(found, paint)]
    return _text(lines)


def of_service(found: ReachMap, start: Node, paint: Paint) -> str:
    """Return what someone who owns a service reaches."""
    lines = [f"Who owns {paint('bold', wording.name(start))} reaches"]
    direct, further = list[tuple[str, str, str]](), list[tuple[str, str, str]]()
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
    lines += ["", *_unknown(found, paint, start)]
    return _text(lines)


def _table(lines: Sequence[Line], paint: Paint) -> list[str]:
    return _rows([(line.what, line.who, line.place) for line in lines], paint)


def _rows(rows: Sequence[tuple[str, str, str]], paint: Paint) -> list[str]:
    margin = min(max((columns(first) for first, *_ in rows), default=0), _WIDEST)
    made = list[str]()
    for first, second, place in rows[:_MOST_LINES]:
        gap = " " * max(margin - columns(first), 0)
        shown = f"  {paint('dim', place)}" if place else ""
        made.append(f"  {first}{gap}  {second}{shown}")
    if len(rows) > _MOST_LINES:
        made.append(f"  and {len(rows) - _MOST_LINES} more")
    return made


def _unknown(found: ReachMap, paint: Paint, only: Node | None = None) -> Iterator[str]:
    """Yield what the files do not tell."""
    doubts = dict.fromkeys(
        why for name, why in found.doubts.items() if only is None or name == only.name
    )
    if doubts:
        yield paint("bold", "Known only at run time")
        yield from (f"  {brief(why)}" for why in doubts)
        yield ""
    yield from _wrapped(LIMITS)


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
