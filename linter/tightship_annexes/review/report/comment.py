"""The report of ``tightship diff`` for a comment on a pull request.

It begins with a hidden marker, by which a later run finds its own comment. However big the
change is, a reader sees at most 20 lines and a map: the table has the worst of the services,
the map what reaches what now or no longer, and a folded list below it the rest.
"""

from __future__ import annotations

from itertools import accumulate

from tightship.report.terminal import brief
from tightship.report.wording import counted
from tightship_annexes.review.report.markdown import block, code, html, prose
from tightship_annexes.review.report.mermaid import changed_map, danger
from tightship_annexes.review.report.text import (
    NOT_SET,
    finding_parts,
    gap_text,
    grades,
    kind_of,
    left_lines,
    lines_of,
    new_findings,
    settings_lines,
    summary,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.state import Direction
    from tightship_annexes.review.compare.change import (
        Comparison,
        ProjectChange,
        RevisionGap,
        ServiceChange,
    )
    from tightship_annexes.review.report.text import Line

MARKER = "<!-- tightship-diff -->"
"""The first line of the comment."""

LIMIT = 65_000
"""How long a comment may be, in UTF-16 code units; GitHub takes 65,536."""

_SPARE = 500  # for the sentence about what is left out
_SHOWN = 3
_ROWS, _FINDINGS, _NOTES, _GAPS = 10, 3, 2, 2  # lines that are not folded
_ARROW = " \N{RIGHTWARDS ARROW} "
_WORDS: dict[Direction, str] = {"worse": "**worse**", "better": "better", "neutral": "changed"}


def as_markdown(comparison: Comparison) -> str:
    """Return the comment."""
    several = len(comparison.projects) > 1
    rows = [(project, service) for project in comparison.projects for service in project.services]
    rows.sort(key=lambda row: _rank(row[1]))
    new = [*_findings(comparison)]
    room = _ROWS - (1 + min(len(new), _FINDINGS) if new else 0)
    most, fitting = _fitting(rows, room)
    head = f"{MARKER}\n## Tightship: {_heading(comparison)}\n"
    table = [_table_row(*row, several, most) for row in rows[:fitting]]
    if table:
        table[0] = f"\n| service | grade | what changed |\n|---|---|---|\n{table[0]}"
    notes, maps = [*_settings(comparison)], [*_maps(comparison)]
    seen = [head, *table, *new[:_FINDINGS], *notes[:_NOTES], *_gaps(comparison), *maps[:1]]
    folded = [
        _detail(*row, several)
        for at, row in enumerate(rows)
        if at >= fitting or len(lines_of(row[1])) > most
    ]
    title = f"All changes of {counted(len(folded), 'service')}" if folded else "The rest"
    pieces, left = _within(seen, LIMIT - _SPARE)
    rest = [*new[_FINDINGS:], *notes[_NOTES:], *_all_gaps(comparison), *folded, *maps[1:]]
    inside, out = _within(rest, LIMIT - _SPARE - sum(map(_length, pieces)))
    if inside:
        pieces += "\n<details><summary>", html(title), "</summary>\n", *inside, "\n</details>\n"
    if left + out:
        more = "part is" if left + out == 1 else "parts are"
        pieces.append(
            f"\n{left + out} more {more} left out: a comment has {LIMIT:,} characters at most.\n"
        )
    return "".join(pieces)


def _within(pieces: list[str], room: int) -> tuple[list[str], int]:
    """Return the first pieces for which there is room, and how many are left."""
    for number, piece in enumerate(pieces):
        room -= _length(piece)
        if room < 0:
            return pieces[:number], len(pieces) - number
    return pieces, 0


def _fitting(rows: list[tuple[ProjectChange, ServiceChange]], room: int) -> tuple[int, int]:
    """Return how many differences of a service a table has room for, and of how many services."""

    def height(one: ServiceChange, most: int) -> int:
        return max(bool(kind_of(one)) + min(len(lines_of(one)), most), 1)

    for most in range(_SHOWN, 1, -1):
        if sum(height(one, most) for _, one in rows) <= room:
            return most, len(rows)
    heights = accumulate(height(one, 1) for _, one in rows)
    return 1, sum(total <= room for total in heights)


def _rank(one: ServiceChange) -> tuple[int, bool, int]:
    """Return where a service is in the table: the worst come first."""
    order: tuple[Direction, ...] = ("worse", "better", "neutral")
    last = one.after[-1:] or "A"
    return order.index(one.direction), one.before == one.after, -ord(last)


def _findings(comparison: Comparison) -> Iterator[str]:
    """Yield the new findings of a check, each as an item of a list."""
    shown, infos = new_findings(comparison)
    items = [f"{code(place)} {prose(text)}" for place, text in map(finding_parts, shown)]
    items += [infos] if infos else []
    head = "\nNew findings of `tightship check`:\n\n"
    yield from (f"{'' if at else head}- {one}\n" for at, one in enumerate(items))


def _heading(comparison: Comparison) -> str:
    if comparison.services:
        return f"isolation of {summary(comparison)}"
    if not all(one.is_compared for one in comparison.projects):
        return "isolation could not be compared"
    if comparison.findings:
        return f"no change of isolation, {counted(len(comparison.findings), 'new finding')}"
    known = " in what could be checked" if comparison.gaps else ""
    return f"no change of isolation{known}"


def _table_row(project: ProjectChange, one: ServiceChange, several: bool, most: int) -> str:
    lines = lines_of(one)
    shown = [_cell_line(line) for line in lines[:most]]
    if len(lines) > most:
        shown[-1] += f", and {len(lines) - most} more"
    if kind := kind_of(one):
        shown.insert(0, prose(kind))
    name, grade = _name(project, one, several), _grade(one)
    return f"| {_cell(name)} | {grade} | {_cell('<br>'.join(shown))} |\n"


def _name(project: ProjectChange, one: ServiceChange, several: bool) -> str:
    name = code(brief(one.name, 100))
    return f"{name} in {code(brief(project.name, 200))}" if several else name


def _grade(one: ServiceChange) -> str:
    # A grade is not broken into lines.
    grade = grades(one, _ARROW.replace(" ", "\N{NO-BREAK SPACE}"))
    grade = grade.replace("-", "\N{NON-BREAKING HYPHEN}")
    return f"**{grade}**" if grade and one.direction == "worse" else grade


def _cell_line(line: Line) -> str:
    places = _ARROW.join(one if one == NOT_SET else code(one) for one in line.places)
    what = f"{prose(line.what)}: " if line.what else ""
    mark = f"{_WORDS[line.direction]} \N{MIDDLE DOT} "
    return f"{mark}{what}{prose(line.text)}{f' ({places})' if places else ''}"


def _detail(project: ProjectChange, one: ServiceChange, several: bool) -> str:
    """Return all differences of a service that the table shows in part."""
    lines = [prose(kind)] if (kind := kind_of(one)) else []
    lines += map(_cell_line, lines_of(one))
    body = "".join(f"- {line}\n" for line in lines)
    return f"\n{_name(project, one, several)} {_grade(one)}\n\n{body}"


def _maps(comparison: Comparison) -> Iterator[str]:
    """Yield the map of what changed in each project, those with new ways to the host first."""
    several = len(comparison.projects) > 1
    for one in sorted(
        comparison.projects, key=lambda one: min(map(danger, one.edges), default=(True,) * 4)
    ):
        lines = changed_map(one.edges)
        if not lines:
            continue
        title = _map_title(one)
        if several:
            title += f" in `{brief(one.name, 200)}`"
        body = "".join(f"{line}\n" for line in block("mermaid", lines))
        yield f"\n{prose(title)}:\n\n{body}"


def _map_title(project: ProjectChange) -> str:
    kinds = {one.is_new for one in project.edges}
    if len(kinds) == 2:
        return "Connections that are new (thick) or gone (dotted)"
    return "New connections" if True in kinds else "Connections that are gone"


def _gaps(comparison: Comparison) -> Iterator[str]:
    """Yield what could not be checked: the first parts, and how many more there are."""
    gaps = comparison.gaps
    if gaps:
        more = len(gaps) - _GAPS
        body = "".join(f"- {_gap(one)}\n" for one in gaps[:_GAPS])
        body += f"- and {more} more\n" if more > 0 else ""
        yield f"\n{counted(len(gaps), 'part')} could not be checked:\n\n{body}"


def _all_gaps(comparison: Comparison) -> Iterator[str]:
    for number, one in enumerate(comparison.gaps[_GAPS:]):
        yield f"{'' if number else chr(10)}- {_gap(one)}\n"


def _gap(one: RevisionGap) -> str:
    return prose(brief(gap_text(one)))


def _settings(comparison: Comparison) -> Iterator[str]:
    """Yield what the change hides, and which settings of it do not count."""
    hidden = [one for one in comparison.projects if one.hidden]
    for one in hidden:
        yield f"\n{code(brief(one.name, 200))} is {prose(brief(one.hidden))}.\n"
    lines = (*settings_lines(comparison), *left_lines(comparison))
    yield from (f"\n{prose(line)}\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
