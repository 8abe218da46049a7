"""Makes the values of the API from verdicts."""

from __future__ import annotations

import os

from tightship.api.values import (
    SEVERITIES,
    Edit,
    Finding,
    Fix,
    Mechanism,
    Position,
    Profile,
    Related,
    Result,
)
from tightship.engine.harden.measures import remedies
from tightship.report.redaction import redacted
from tightship.report.terminal import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.engine.plan.scope import Scope
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.findings import Fix as FixOfRule
    from tightship.isolation.weakness import MechanismState
    from tightship.text import Span


def result_of(
    verdicts: Iterable[Verdict], scope: Scope | None = None, *, root: str | None = None
) -> Result:
    """Return the result; ``root`` replaces that of each verdict."""
    findings, accepted, known = list[Finding](), list[Finding](), list[Finding]()
    files: dict[str, None] = {}
    services, gaps = 0, set[tuple[str, str, int, str]]()
    profiles: dict[tuple[str, str, Position], Profile] = {}
    for verdict in verdicts:
        top = verdict.root if root is None else root
        for profile in _profiles(verdict, top):
            profiles.setdefault((profile.root, profile.path, profile.start), profile)
        shown = redacted(verdict)  # no id may cover a secret
        findings += _findings(verdict.findings, shown.findings, top)
        accepted += _findings(verdict.accepted, shown.accepted, top)
        known += _findings(verdict.known, shown.known, top)
        for source in verdict.sources:
            files[os.path.normpath(os.path.join(top, source.name))] = None
        services += verdict.services
        for gap in verdict.gaps:
            place = gap.span
            gaps.add((top, place.source.name, place.start, gap.reason))
    left = scope.left if scope is not None else ()
    return Result(
        findings=tuple(findings),
        accepted=tuple(accepted),
        known=tuple(known),
        profiles=tuple(profiles.values()),
        files=tuple(files),
        services=services,
        gaps=len(gaps),
        skipped=tuple(sorted({one.path for one in left}.difference(files))),
    )


def _findings(
    exact: Sequence[JudgedFinding], shown: Sequence[JudgedFinding], root: str
) -> Iterator[Finding]:
    return (_finding(one, root, seen.cause) for one, seen in zip(exact, shown, strict=True))


def _finding(judged: JudgedFinding, root: str, cause: str) -> Finding:
    finding, subject = judged.finding, judged.subject
    path, start, end = _place(finding.span)
    return Finding(
        rule=judged.rule.name,
        severity=SEVERITIES[-judged.severity],
        message=visible(finding.message),
        root=root,
        path=path,
        start=start,
        end=end,
        subject=subject.name if subject.kind != "file" else None,
        related=tuple(_related(one.span, one.message) for one in finding.because),
        fix=_fix(finding.fix) if finding.fix is not None else None,
        help=judged.advice or None if finding.fix is None else None,
        absorbed=tuple(sorted({one.rule.name for one in judged.absorbed})),
        fingerprint=judged.fingerprint,
        cause=cause,
    )


def _profiles(verdict: Verdict, root: str) -> Iterator[Profile]:
    for made in verdict.project.profiles() if verdict.project is not None else ():
        fixes = remedies(made, verdict.findings)
        path, start, _ = _place(made.span)
        image = made.container.text("image").value
        yield Profile(
            service=made.name,
            image=visible(image) if image else None,
            root=root,
            path=path,
            start=start,
            best=made.best,
            worst=made.worst,
            not_checked=visible(made.gap.reason) if made.gap is not None else None,
            mechanisms=tuple(_mechanism(row, fixes.get(row)) for row in made.rows),
        )


def _mechanism(row: MechanismState, fix: FixOfRule | None) -> Mechanism:
    path, start, _ = _place(row.place) if row.place is not None else (None, None, None)
    return Mechanism(
        name=row.mechanism,
        mark=row.mark,
        state=visible(row.state),
        path=path,
        start=start,
        weaknesses=tuple(one.name for one in row.weaknesses),
        fix=_fix(fix) if fix is not None else None,
    )


def _related(span: Span, message: str) -> Related:
    path, start, end = _place(span)
    return Related(path=path, start=start, end=end, message=visible(message))


def _fix(fix: FixOfRule) -> Fix:
    edits = list[Edit]()
    for edit in fix.edits:
        path, start, end = _place(edit.span)
        edits.append(Edit(path=path, start=start, end=end, text=edit.text))
    return Fix(
        title=fix.title,
        safe=fix.keeps_behaviour,
        may_break=fix.may_break,
        edits=tuple(edits),
        effect=fix.effect.value,
        proof=fix.proof,
    )


def _place(span: Span) -> tuple[str, Position, Position]:
    source = span.source
    line, column = source.point(span.start)
    last, end = source.point(span.end)
    return source.name, Position(line + 1, column + 1), Position(last + 1, end + 1)
