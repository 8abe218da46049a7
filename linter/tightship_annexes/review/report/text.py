"""What a change does to isolation, in words that all formats share, and as text."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.isolation.state import CAPABILITIES
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.redaction import without_secrets
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import counted, skipped_lines
from tightship.text import first_of
from tightship_annexes.review.compare.change import RevisionGap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.state import Direction, State
    from tightship.report.terminal import Paint
    from tightship_annexes.review.compare.change import (
        Comparison,
        MechanismChange,
        ProjectChange,
        ReachChange,
        ServiceChange,
    )


NOT_SET = "not set"
"""Stands in the place of a file and a line where no file sets anything."""

_MOST_NAMED = 6
_BY_PRIVILEGED = "by `privileged`"
_PRIVILEGED: dict[tuple[bool | None, bool], str] = {
    (None, True): "on",
    (False, True): "off \N{RIGHTWARDS ARROW} on",
    (True, False): "on \N{RIGHTWARDS ARROW} off",
}
_ORDER: tuple[Direction, ...] = ("worse", "better", "neutral")
_REACH = {
    ("no", "yes"): "now reachable from",
    ("no", "unknown"): "now perhaps reachable from",
    ("unknown", "yes"): "now surely reachable from",
    ("yes", "no"): "no longer reachable from",
    ("unknown", "no"): "now surely not reachable from",
    ("yes", "unknown"): "no longer surely reachable from",
}

_ARROW = " \N{RIGHTWARDS ARROW} "
_STYLES: dict[Direction, str] = {"worse": "error", "better": "added", "neutral": "dim"}
_MARKS: dict[Direction, str] = {"worse": "-", "better": "+", "neutral": "~"}


def settings_lines(comparison: Comparison) -> list[str]:
    """Return a line if the change edits settings that decide what is compared."""
    places = comparison.settings
    if not places:
        return []
    where = ", ".join(f"{brief(place.source.name)}:{place.line}" for place in places)
    return [f"This change edits which files are compared ({where}): the settings before it decide."]


def left_lines(comparison: Comparison) -> Iterator[str]:
    """Yield a line for each file that the change edits, and that is not read."""
    for one in comparison.left:
        yield from skipped_lines([one], one.root, is_whole=True)


class Line(Record):
    """One difference: what differs, from which state to which, and where they are set."""

    what: str
    text: str
    places: tuple[str, ...]
    direction: Direction


def lines_of(change: ServiceChange) -> list[Line]:
    """Return the differences of a service, the worse ones first.

    Mechanisms that change alike are one, and so is all that `privileged` sets.
    """
    grouped: dict[tuple[str, tuple[str, ...], Direction], list[str]] = {}
    for row in sorted(change.rows, key=_weight):
        what, text = _words(row)
        privileged = _privileged(row)
        if privileged:
            text = privileged
        grouped.setdefault((text, _places(row), row.direction), []).append(what)
    found = [
        _grouped_line(whats, text, places, direction)
        for (text, places, direction), whats in grouped.items()
    ]
    found += (Line("", _reach_text(one), (), one.direction) for one in change.reach)
    return sorted(found, key=lambda line: _ORDER.index(line.direction))


def _grouped_line(
    whats: list[str], text: str, places: tuple[str, ...], direction: Direction
) -> Line:
    what = ", ".join(whats)
    if text in _PRIVILEGED.values():
        return Line(f"`privileged` ({what})", text, places, direction)
    return Line(what, text, places, direction)


def _privileged(row: MechanismChange) -> str:
    """Return whether `privileged` comes or goes, if that is what changes a row."""
    before = None if row.before is None else row.before.text.endswith(_BY_PRIVILEGED)
    return _PRIVILEGED.get((before, row.after.text.endswith(_BY_PRIVILEGED)), "")


def grades(change: ServiceChange, arrow: str) -> str:
    """Return the grades of a service: one, if it has the same on both sides."""
    known = [one for one in (change.before, change.after) if one]
    return arrow.join(dict.fromkeys(known))


def kind_of(change: ServiceChange) -> str:
    """Return what became of a service, if more than its isolation has changed."""
    if change.kind == "renamed":
        return f"renamed from `{brief(change.former)}`"
    return "" if change.kind == "changed" else change.kind


def summary(comparison: Comparison) -> str:
    """Return the counts of the services that differ, in words."""
    services = comparison.services
    counts = {
        "worse": comparison.count("worse"),
        "better": comparison.count("better"),
        "changed": sum(one.direction == "neutral" and one.kind == "changed" for one in services),
        **{
            kind: sum(one.direction == "neutral" and one.kind == kind for one in services)
            for kind in ("renamed", "new", "removed")
        },
    }
    nouns = {one.noun for one in services}
    noun = nouns.pop() if len(nouns) == 1 else "service or image"
    many = "services and images" if nouns else ""
    parts = [
        f"{counted(number, noun, many) if not at else number} {word}"
        for at, (word, number) in enumerate(
            (word, number) for word, number in counts.items() if number
        )
    ]
    return ", ".join(parts) or "isolation is unchanged"


def gap_text(one: RevisionGap) -> str:
    """Return what could not be checked, and on which side."""
    when = "" if one.side == "both" else f" {one.side} the change"
    return f"{one.gap.span.place} was not checked{when}: {without_secrets(one.gap.reason)}"


def new_findings(comparison: Comparison) -> tuple[list[JudgedFinding], str]:
    """Return the new findings of a check that readers see, and how many infos there are."""
    infos = Severity.INFO
    shown = [one.judged for one in comparison.findings if one.fails or one.judged.severity > infos]
    more = len(comparison.findings) - len(shown)
    also = "and " if shown else ""
    return shown, f"{also}{counted(more, 'new info' if not shown else 'info')}" if more else ""


def finding_parts(one: JudgedFinding) -> tuple[str, str]:
    """Return the place of a finding, and what it says."""
    where = f"{visible_path(one.span.source.name)}:{one.span.line}"
    return where, f"{one.severity.word}: {brief(one.finding.message)} [{one.rule.name}]"


def place_of(state: State | None) -> str:
    """Return the file and line that set a state, or that nothing does."""
    if state is None or state.place is None:
        return NOT_SET
    return f"{brief(state.place.source.name)}:{state.place.line}"


def _places(row: MechanismChange) -> tuple[str, ...]:
    """Return the places on both sides; one if they are the same, none for defaults."""
    if row.before is None:
        return (place_of(row.after),)
    found = dict.fromkeys((place_of(row.before), place_of(row.after)))
    return () if [*found] == [NOT_SET] else tuple(found)


def _weight(row: MechanismChange) -> int:
    """Return the order of a change: what hands over the most comes first."""
    states = [row.after] if row.before is None else [row.before, row.after]
    return -max(sum(one.points for one in state.certain) for state in states)


def _words(row: MechanismChange) -> tuple[str, str]:
    subject = brief(without_secrets(row.subject), 200)
    what = f"{row.mechanism} {subject}" if subject else row.mechanism
    after = _short(row.after, row)
    if row.before is None:
        return what, after
    before = _short(row.before, row)
    every = (row.before, row.after)
    are_named = all(state.text[:1].isdigit() or not state.names for state in every)
    more = _named(row.before.names, row.after.names) if are_named else ""
    if before == after:  # other capabilities, weaknesses, or what is unknown of them
        more = more or _weaknesses(row.before, row.after)
        return what, f"{after}{more}" if more else f"{after}, different from before"
    return what, f"{before} \N{RIGHTWARDS ARROW} {after}{more}"


def _weaknesses(before: State, after: State) -> str:
    """Return the weaknesses that a state gains, or else those that it loses."""
    gained = after.certain - before.certain or after.possible - before.possible
    lost = before.certain - after.certain or before.possible - after.possible
    names = ", ".join(sorted(one.name for one in gained or lost))
    return f", {'now with' if gained else 'no longer with'} {names}" if names else ""


def _short(state: State, row: MechanismChange) -> str:
    text = state.text
    if row.mechanism == CAPABILITIES:
        return text.partition(":")[0]
    if row.subject and text == row.subject:
        return "given"
    if row.subject and text.startswith(row.subject):
        text = text.removeprefix(row.subject).lstrip(": ")
    return brief(without_secrets(text), 200)


def _named(before: frozenset[str], after: frozenset[str]) -> str:
    return "".join(
        f", {sign}{first_of(sorted(names), _MOST_NAMED, ' ')}"
        for sign, names in (("+", after - before), ("-", before - after))
        if names
    )


def _reach_text(one: ReachChange) -> str:
    names = [f"`{brief(name)}`" for name in one.sources]
    return f"{_REACH[one.before, one.after]} {first_of(names, _MOST_NAMED)}"


def as_text(comparison: Comparison, paint: Paint) -> str:
    """Return the report; it is empty if nothing differs and everything was judged."""
    lines = [line for one in comparison.projects for line in _project_lines(one, paint)]
    gaps = comparison.gaps
    lines += _finding_lines(comparison, paint)
    if comparison.services:
        lines.append(f"{summary(comparison)[:1].upper()}{summary(comparison)[1:]}.")
    if gaps:
        lines.append(f"{counted(len(gaps), 'part')} could not be checked.")
    lines += settings_lines(comparison)
    lines += left_lines(comparison)
    return "".join(f"{line}\n" for line in lines)


def _finding_lines(comparison: Comparison, paint: Paint) -> Iterator[str]:
    shown, infos = new_findings(comparison)
    if comparison.findings:
        yield "New findings of `check`"
    for one in shown:
        place, text = finding_parts(one)
        yield f"  {paint('path', place)}: {text}"
    if infos:
        yield f"  {infos}"
    for gap in comparison.lost:
        yield f"  {paint('warning', brief(gap_text(RevisionGap('after', gap))))}"
    if comparison.findings or comparison.lost:
        yield ""


def _project_lines(one: ProjectChange, paint: Paint) -> Iterator[str]:
    hidden = f" ({paint('warning', brief(one.hidden))})" if one.hidden else ""
    if one.services or one.gaps:
        former = f" (was {visible_path(one.former)})" if one.former else ""
        kind = f", {one.kind}" if one.kind in ("new", "removed") else ""
        yield f"{paint('path', visible_path(one.name))}{former}{kind}{hidden}"
    for service in one.services:
        yield f"  {_service_head(service, paint)}"
        yield from (f"    {_line(line, paint)}" for line in lines_of(service))
    yield from (f"  {paint('warning', brief(gap_text(gap)))}" for gap in one.gaps)
    if one.services or one.gaps:
        yield ""


def _service_head(one: ServiceChange, paint: Paint) -> str:
    kind = kind_of(one)
    parts = [
        paint("bold", brief(one.name)),
        grades(one, _ARROW),
        f"({kind})" if kind else "",
        paint("dim", f"{visible_path(one.span.source.name)}:{one.span.line}"),
    ]
    return "  ".join(filter(None, parts))


def _line(line: Line, paint: Paint) -> str:
    mark = paint(_STYLES[line.direction], _MARKS[line.direction])
    places = f" ({_ARROW.join(line.places)})" if line.places else ""
    what = f"{line.what}: " if line.what else ""
    return f"{mark} {what}{line.text}{paint('dim', places)}"
