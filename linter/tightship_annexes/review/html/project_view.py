"""A project and its findings as the templates show them."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.isolation.reach_map import ReachMap
from tightship.isolation.reach_paths import paths
from tightship.isolation.separation import best_separation
from tightship.isolation.weakness import HOST
from tightship.lazy import TYPE_CHECKING, Record
from tightship.report.frame import code_parts, hunks
from tightship.report.groups import same_cause, split
from tightship.report.redaction import PlaceRedaction, writes_secret
from tightship.report.report import seen_from
from tightship.report.wording import fix_label, proofs_of, risks_joined
from tightship.text import Span
from tightship_annexes.review.html.drawing import Drawing
from tightship_annexes.review.report import reach_wording

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from typing import Final

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix
    from tightship.isolation.profile import Profile
    from tightship.isolation.weakness import MechanismState
    from tightship.report.groups import LackingProject
    from tightship_annexes.review.html.overview import Anchors

    Where = Callable[[Span], str]

_MOST_PATHS = 12
_MOST_LINES = 200
_OPEN = 12

_WIDTH = 160
_MOST_RELATED = 5


class RowView:
    """A mechanism: ``mark`` is ``strong``, ``weak``, ``unknown``, or ``host``.

    ``host`` is a weakness that hands over the host.
    """

    def __init__(self, row: MechanismState, where: Where, redaction: PlaceRedaction) -> None:
        hands_over = any(one.points >= HOST for one in row.weaknesses)
        self.mechanism: Final = row.mechanism
        self.mark: Final = "host" if hands_over else row.mark
        self.word: Final = row.mark
        self.state: Final = redaction.text(row.state, row.place)
        self.place: Final = where(row.place) if row.place is not None else ""


class ServiceView:
    """A service: its profile, and the findings about it."""

    def __init__(
        self,
        project: str,
        profile: Profile,
        findings: Sequence[JudgedFinding],
        where: Where,
        redaction: PlaceRedaction,
        anchors: Anchors,
    ) -> None:
        container = profile.container
        image = container.text("image")
        self.anchor: Final = anchors.new(f"{project}.{profile.name}")
        self.name: Final = profile.name
        self.grade: Final = profile.grade
        self.worst: Final = profile.worst
        self.place: Final = where(profile.span)
        gap = profile.gap
        self.not_checked: Final = redaction.text(gap.reason, gap.span) if gap is not None else ""
        stage = container.stage
        self.image: Final = (
            f"built from {stage.build.source.name}"
            if stage is not None
            else redaction.text(image.value or "", image.span)
        )
        self.rows: Final = [RowView(row, where, redaction) for row in profile.rows]
        self.group: Final = Group(findings, where, anchors)
        marks = [row.mark for row in self.rows]
        self.weak: Final = marks.count("weak") + marks.count("host")
        self.unknown: Final = marks.count("unknown")
        self.strong: Final = marks.count("strong")

    @property
    def row(self) -> tuple[object, ...]:
        """Return what the table of services shows of it, apart from its name."""
        marks = self.weak, self.unknown, self.strong
        return self.worst, self.grade, bool(self.not_checked), *marks, *self.group.counts


class SubjectView:
    """A file or a stage, and the findings about it."""

    def __init__(
        self, name: str, findings: Sequence[JudgedFinding], where: Where, anchors: Anchors
    ) -> None:
        self.name: Final = name
        self.anchor: Final = anchors.new(name)
        self.group: Final = Group(findings, where, anchors)


class MapView:
    """The map of a project: a picture, the edges as tables, and the paths."""

    def __init__(self, profiles: Sequence[Profile], redaction: PlaceRedaction) -> None:
        found = ReachMap(profiles)
        spans = {id(span): span for one in found.connections for span in one.places.values()}
        self._redaction, self._spans = redaction, [*spans.values()]
        self.heading: Final = reach_wording.heading(found)
        drawing = Drawing(found)
        self.drawing: Final = None if drawing.is_empty else drawing
        self.sections: Final = [
            (
                one.title,
                [
                    (self._hidden(line.what), self._hidden(line.who), line.place)
                    for line in one.lines[:_MOST_LINES]
                ],
                max(len(one.lines) - _MOST_LINES, 0),
            )
            for one in reach_wording.sections(found)
        ]
        every = sorted(paths(found), key=lambda path: path.target.kind != "host")
        self.counts: Final = reach_wording.counts(every)
        self.change: Final = reach_wording.change(best_separation(found), len(every))
        self.paths: Final = [
            (
                [reach_wording.name(node) for node in path.nodes],
                [self._hidden(text) for text in reach_wording.reasons(path.steps)],
                path.certain,
            )
            for path in every[:_MOST_PATHS]
        ]
        self.more_paths: Final = len(every) - len(self.paths)
        self.doubts: Final = reach_wording.doubts(found)
        self.is_worth_showing: Final = bool(found.connections)

    def _hidden(self, text: str) -> str:
        return self._redaction.text(text, *self._spans)


class ProjectView:
    """One verdict, for the page."""

    def __init__(self, verdict: Verdict, here: str, anchors: Anchors) -> None:
        where = places(verdict, here)
        redaction = PlaceRedaction(verdict)
        names = [seen_from(here, verdict.root, one.name) for one in verdict.sources]
        self.name: Final = names[0] if names else ""
        self.anchor: Final = anchors.new(self.name)
        self.purpose: Final = verdict.role.purpose if names else "product"
        self.others: Final = [*names[1:], *verdict.variables]
        self.noun: Final = verdict.noun
        profiles = verdict.project.profiles() if verdict.project is not None else ()
        by_service, others = _by_subject(verdict, {one.name for one in profiles}, here)
        anchors.lead_to_host(profiles)
        lacking, _ = split(verdict.findings, verdict.noun)
        self.lacking: Final[list[LackingProject]] = [
            one.counts(self.name, where(one.findings[0].span))
            for one in lacking
            if one.findings[0].severity > Severity.INFO
        ]
        self.services: Final = [
            ServiceView(self.name, one, by_service[one.name], where, redaction, anchors)
            for one in sorted(profiles, key=lambda one: _rank(one, by_service[one.name]))
        ]
        self.table: Final = [*_folded(self.services)]
        self.is_short: Final = len(self.services) <= _OPEN
        self.subjects: Final = [
            SubjectView(title, found, where, anchors) for title, found in others.items()
        ]
        self.map: Final = MapView(profiles, redaction) if len(profiles) else None
        self.gaps: Final = [
            (where(gap.span), redaction.text(gap.reason, gap.span)) for gap in verdict.unchecked
        ]
        self.accepted: Final = [*_accepted([*verdict.accepted, *verdict.known], where)]
        self.is_empty: Final = not (self.services or self.subjects or self.gaps or self.accepted)

    @property
    def blocks(self) -> Iterator[Block]:
        """Yield all findings of severities above info."""
        for group in [x.group for x in self.services] + [x.group for x in self.subjects]:
            yield from group.blocks


def _by_subject(
    verdict: Verdict, services: Collection[str], here: str
) -> tuple[dict[str, list[JudgedFinding]], dict[str, list[JudgedFinding]]]:
    """Return the findings by service, and those about files and stages by a title."""
    by_service: dict[str, list[JudgedFinding]] = {name: [] for name in services}
    others: dict[str, list[JudgedFinding]] = {}
    for judged in verdict.findings:
        subject = judged.subject
        if subject.kind == "service" and subject.name in by_service:
            by_service[subject.name].append(judged)
        elif not judged.is_gap:
            # Two Dockerfiles may have stages of one name.
            title = seen_from(here, verdict.root, judged.span.source.name)
            if subject.kind != "file":
                title = f"{subject.kind} {subject.name} of {title}"
            others.setdefault(title, []).append(judged)
    return by_service, others


def _rank(profile: Profile, findings: Sequence[JudgedFinding]) -> tuple[int, int]:
    """Return where a service is on the page: the worst come first."""
    return -ord(profile.worst), -max((one.severity for one in findings), default=0)


def _folded(services: Sequence[ServiceView]) -> Iterator[list[ServiceView]]:
    """Yield the services that look the same in a table as one row."""
    rows: dict[tuple[object, ...], list[ServiceView]] = {}
    for one in services:
        rows.setdefault(one.row, []).append(one)
    yield from rows.values()


def _accepted(
    findings: Sequence[JudgedFinding], where: Where
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield message, rule, place, acceptor and reason."""
    for one in findings:
        if one.accepted is not None:
            yield (
                one.finding.message,
                one.rule.name,
                where(one.span),
                one.accepted.by,
                one.accepted.reason,
            )


class PatchLine(Record):
    """A line of a patch: ``sign`` is ``-``, ``+``, or ``@`` before lines of a file."""

    sign: str
    text: str


class Block:
    """Findings at one place: all settings that a service lacks are one block.

    ``earlier`` is the first block with the same cause, by its anchor and place; it has the
    remedy for all. ``findings`` have their anchors, and ``ranks``, by anchor, are lower
    for what matters more: first of all, that which leads to the host.
    """

    def __init__(self, findings: Sequence[JudgedFinding], where: Where, anchors: Anchors) -> None:
        first = findings[0]
        span = first.span
        cause = hash(same_cause(first))
        self.findings: Final = [(one, anchors.of(one)) for one in findings]
        self.anchor: Final = self.findings[0][1]
        self.earlier: Final = None if first.is_absence else anchors.causes.get(cause)
        self.ranks: Final = {anchor: anchors.rank(one) for one, anchor in self.findings}
        self.severity: Final = max(one.severity for one in findings).word
        self.place: Final = where(span)
        anchors.causes.setdefault(cause, (self.anchor, self.place))
        fixes = [one.finding.fix for one in findings if one.finding.fix is not None]
        fixes = [fix for fix in fixes if not writes_secret(fix)]
        self.patch: Final = [*_patch(span, fixes, where)]
        # The name of a service tells nothing that its patch does not.
        is_shown = bool(span.source.text) and not (first.is_absence and self.patch)
        self.code: Final = code_parts(span, _WIDTH) if is_shown else None
        self.fixes: Final = [
            f"{fix_label(fix)}: {fix.title}"
            for fix in fixes
            if not first.is_absence or not self.patch
        ] or [*filter(None, (proofs_of(fixes),))]
        self.risks: Final = [*risks_joined(fix.may_break for fix in fixes)]
        self.advice: Final = [
            *dict.fromkeys(one.advice for one in findings if one.finding.fix is None and one.advice)
        ]
        related = [it for one in findings for it in one.finding.because]
        self.related: Final = [(where(it.span), it.message) for it in related[:_MOST_RELATED]]
        self.more_related: Final = len(related) - len(self.related)
        self.absorbed: Final = [
            *dict.fromkeys(it.rule.name for one in findings for it in one.absorbed if not it.is_gap)
        ]


class Group:
    """The findings about one subject: blocks, the most severe first, and infos."""

    def __init__(self, findings: Sequence[JudgedFinding], where: Where, anchors: Anchors) -> None:
        shown = [one for one in findings if not one.is_gap]
        serious = [one for one in shown if one.severity > Severity.INFO]
        serious.sort(key=lambda one: -one.severity)
        absences = [one for one in serious if one.is_absence]
        blocks = [[one] for one in serious if not one.is_absence]
        if absences:
            blocks.append(absences)
        self.blocks: Final = [Block(one, where, anchors) for one in blocks]
        self.infos: Final = [
            (one, where(one.span), anchors.of(one))
            for one in shown
            if one.severity == Severity.INFO
        ]
        self.counts: Final = [*_counts(shown)]


def _counts(findings: Sequence[JudgedFinding]) -> Iterator[tuple[str, int]]:
    for severity in reversed(Severity):
        count = sum(one.severity == severity for one in findings)
        if count:
            yield severity.word, count


def _patch(span: Span, fixes: Sequence[Fix], where: Where) -> Iterator[PatchLine]:
    here, first = span.source, span.source.point(span.start)[0]
    edits = [edit for fix in fixes for edit in fix.edits]
    for source in dict.fromkeys(edit.span.source for edit in edits):
        found = hunks(source, edits, _WIDTH)
        if found is None:
            continue
        name = where(Span(source, 0, 0)).rpartition(":")[0]
        for hunk in found:
            if source is not here or hunk.line != first:
                yield PatchLine("@", f"{name}:{hunk.line + 1}")
            yield from (PatchLine("-", line) for line in hunk.removed)
            yield from (PatchLine("+", line) for line in hunk.added)


def places(verdict: Verdict, here: str) -> Where:
    """Return a function that shows the place of a span, from the current folder."""

    def where(span: Span) -> str:
        name = seen_from(here, verdict.root, span.source.name)
        return f"{name}:{span.line}"

    return where
