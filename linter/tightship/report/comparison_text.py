"""The report of ``tightship diff`` for a terminal: one line for each difference."""

from __future__ import annotations

from tightship.report.comparison import gap_text, grades, kind_of, lines_of, settings_lines, summary
from tightship.report.place import Place
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.compare.change import Comparison, Direction, ProjectChange, ServiceChange
    from tightship.report.comparison import Line
    from tightship.report.terminal import Paint

_ARROW = " \N{RIGHTWARDS ARROW} "
_STYLES: dict[Direction, str] = {"worse": "error", "better": "added", "neutral": "dim"}
_MARKS: dict[Direction, str] = {"worse": "-", "better": "+", "neutral": "~"}


def as_text(comparison: Comparison, paint: Paint) -> str:
    """Return the report; it is empty if nothing differs and everything was judged."""
    lines = [line for one in comparison.projects for line in _project(one, paint)]
    gaps = comparison.gaps
    if comparison.services:
        lines.append(f"{summary(comparison)[:1].upper()}{summary(comparison)[1:]}.")
    if gaps:
        lines.append(f"{counted(len(gaps), 'part')} could not be checked.")
    lines += settings_lines(comparison)
    return "".join(f"{line}\n" for line in lines)


def _project(one: ProjectChange, paint: Paint) -> Iterator[str]:
    hidden = f" ({paint('warning', brief(one.hidden))})" if one.hidden else ""
    if one.services or one.gaps:
        former = f" (was {visible_path(one.former)})" if one.former else ""
        kind = f", {one.kind}" if one.kind in ("new", "removed") else ""
        yield f"{paint('path', visible_path(one.name))}{former}{kind}{hidden}"
    for service in one.services:
        yield f"  {_head(service, paint)}"
        yield from (f"    {_line(line, paint)}" for line in lines_of(service))
    yield from (f"  {paint('warning', brief(gap_text(gap)))}" for gap in one.gaps)
    if one.services or one.gaps:
        yield ""


def _head(one: ServiceChange, paint: Paint) -> str:
    place = Place(one.span)
    kind = kind_of(one)
    parts = [
        paint("bold", brief(one.name)),
        grades(one, _ARROW),
        f"({kind})" if kind else "",
        paint("dim", f"{visible_path(place.path)}:{place.line}"),
    ]
    return "  ".join(filter(None, parts))


def _line(line: Line, paint: Paint) -> str:
    mark = paint(_STYLES[line.direction], _MARKS[line.direction])
    places = f" ({_ARROW.join(line.places)})" if line.places else ""
    what = f"{line.what}: " if line.what else ""
    return f"{mark} {what}{line.text}{paint('dim', places)}"
