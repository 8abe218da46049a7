"""The report of ``tightship diff`` for a comment on a pull request.

It begins with a hidden marker, by which a later run finds its own comment. The table has
the worst of each service, a map has what reaches what now or no longer, and folded lists
below it have the rest.
"""

from __future__ import annotations

from tightship.report.comparison import (
    NOT_SET,
    gap_text,
    grades,
    kind_of,
    lines_of,
    settings_lines,
    summary,
)
from tightship.report.markdown import block, code, html, prose
from tightship.report.mermaid import changed_map
from tightship.report.terminal import brief
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.compare.change import Comparison, Direction, ProjectChange, ServiceChange
    from tightship.report.comparison import Line

MARKER = "<!-- tightship-diff -->"
"""The first line of the comment."""

LIMIT = 65_000
"""How long a comment may be, in UTF-16 code units; GitHub takes 65,536."""

_SPARE = 500  # for the sentence about what is left out
_SHOWN = 3
_UNFOLDED = 10  # edges of a map
_ARROW = " \N{RIGHTWARDS ARROW} "
_WORDS: dict[Direction, str] = {"worse": "**worse**", "better": "better", "neutral": "changed"}


def as_markdown(comparison: Comparison) -> str:
    """Return the comment."""
    head = f"{MARKER}\n## Tightship: {_heading(comparison)}\n"
    pieces, room, left = [head], LIMIT - _SPARE - _length(head), 0
    table = "\n| service | grade | what changed |\n|---|---|---|\n"
    several = len(comparison.projects) > 1
    rows = [(project, service) for project in comparison.projects for service in project.services]
    rows.sort(key=lambda row: _rank(row[1]))
    for number, (project, service) in enumerate(rows):
        piece = ("" if number else table) + _table_row(project, service, several)
        if left or _length(piece) > room:
            left += 1
            continue
        pieces.append(piece)
        room -= _length(piece)
    notes = (*_settings(comparison), *_gaps(comparison))
    for piece in (*notes, *_maps(comparison), *_details(rows)):
        if _length(piece) <= room:
            pieces.append(piece)
            room -= _length(piece)
    if left:
        more = "service is" if left == 1 else "services are"
        pieces.append(
            f"\n{left} more {more} left out: a comment has {LIMIT:,} characters at most.\n"
        )
    return "".join(pieces)


def _rank(one: ServiceChange) -> tuple[int, bool, int]:
    """Return where a service is in the table: the worst come first."""
    order: tuple[Direction, ...] = ("worse", "better", "neutral")
    last = one.after[-1:] or "A"
    return order.index(one.direction), one.before == one.after, -ord(last)


def _heading(comparison: Comparison) -> str:
    if comparison.services:
        return f"isolation of {summary(comparison)}"
    if not all(one.is_compared for one in comparison.projects):
        return "isolation could not be compared"
    known = " in what could be checked" if comparison.gaps else ""
    return f"no change of isolation{known}"


def _table_row(project: ProjectChange, one: ServiceChange, several: bool) -> str:
    name = code(brief(one.name, 100))
    if several:
        name += f" in {code(brief(project.name, 200))}"
    kind = kind_of(one)
    lines = lines_of(one)
    shown = [_cell_line(line) for line in lines[:_SHOWN]]
    if kind:
        shown.insert(0, prose(kind))
    if len(lines) > _SHOWN:
        shown.append(f"and {len(lines) - _SHOWN} more")
    # A grade is not broken into lines.
    grade = grades(one, _ARROW.replace(" ", "\N{NO-BREAK SPACE}"))
    grade = grade.replace("-", "\N{NON-BREAKING HYPHEN}")
    if one.direction == "worse":
        grade = f"**{grade}**"
    return f"| {_cell(name)} | {grade} | {_cell('<br>'.join(shown))} |\n"


def _cell_line(line: Line) -> str:
    places = _ARROW.join(one if one == NOT_SET else code(one) for one in line.places)
    what = f"{prose(line.what)}: " if line.what else ""
    mark = f"{_WORDS[line.direction]} \N{MIDDLE DOT} "
    return f"{mark}{what}{prose(line.text)}{f' ({places})' if places else ''}"


def _details(rows: list[tuple[ProjectChange, ServiceChange]]) -> Iterator[str]:
    """Yield all differences of the services that the table shows in part."""
    for _, one in rows:
        lines = lines_of(one)
        if len(lines) <= _SHOWN:
            continue
        title = f"All {counted(len(lines), 'change')} of `{brief(one.name, 100)}`"
        body = "".join(f"- {_cell_line(line)}\n" for line in lines)
        yield f"\n<details><summary>{html(title)}</summary>\n\n{body}\n</details>\n"


def _maps(comparison: Comparison) -> Iterator[str]:
    """Yield the map of what changed in each project, folded if it is large."""
    several = len(comparison.projects) > 1
    for one in comparison.projects:
        lines = changed_map(one.edges)
        if not lines:
            continue
        title = _map_title(one)
        if several:
            title += f" in `{brief(one.name, 200)}`"
        body = "".join(f"{line}\n" for line in block("mermaid", lines))
        if len(one.edges) <= _UNFOLDED:
            yield f"\n{prose(title)}:\n\n{body}"
        else:
            title += f": {len(one.edges)}"
            summary = f"<summary>{html(title)}</summary>"
            yield f"\n<details>{summary}\n\n{body}\n</details>\n"


def _map_title(project: ProjectChange) -> str:
    kinds = {one.is_new for one in project.edges}
    if len(kinds) == 2:
        return "Connections that are new (thick) or gone (dotted)"
    return "New connections" if True in kinds else "Connections that are gone"


def _gaps(comparison: Comparison) -> Iterator[str]:
    gaps = comparison.gaps
    if gaps:
        body = "".join(f"- {prose(brief(gap_text(one)))}\n" for one in gaps)
        yield f"\n{counted(len(gaps), 'part')} could not be checked:\n\n{body}"


def _settings(comparison: Comparison) -> Iterator[str]:
    """Yield what the change hides, and which settings of it do not count."""
    hidden = [one for one in comparison.projects if one.hidden]
    for one in hidden:
        yield f"\n{code(brief(one.name, 200))} is {prose(brief(one.hidden))}.\n"
    yield from (f"\n{prose(line)}\n" for line in settings_lines(comparison))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
