"""Findings in an inline Dockerfile, moved to their places in the Compose file."""

from __future__ import annotations

from tightship.engine.verdict import Accepted, Subject
from tightship.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix, Gap
    from tightship.model.build import InlineDockerfile
    from tightship.text import Source, Span

    # The inline Dockerfiles of a project, by their texts.
    Inlines: TypeAlias = Mapping[Source, InlineDockerfile]


def moved(one: JudgedFinding, inlines: Inlines) -> JudgedFinding:
    """Return a finding with all its places in the Compose file."""
    finding, subject = one.finding, one.subject
    inline = inlines.get(finding.span.source)
    is_elsewhere = all(r.span.source not in inlines for r in finding.because)
    is_inside = subject.span is not None and subject.span.source in inlines
    if inline is None and is_elsewhere and not is_inside:
        return one
    made = finding.replaced(
        span=moved_span(finding.span, inlines),
        because=tuple(
            related.placed(moved_span(related.span, inlines)) for related in finding.because
        ),
        convert_fix=(lambda fix: _moved_fix(fix, inline)) if inline else None,
    )
    if subject.span is not None:
        place = moved_span(subject.span, inlines)
        subject = Subject(subject.kind, subject.name, place)
    accepted = one.accepted
    if accepted is not None and accepted.place is not None:
        place = moved_span(accepted.place, inlines)
        accepted = Accepted(accepted.by, accepted.reason, place)
    return one.replaced(finding=made, subject=subject, accepted=accepted)


def moved_span(span: Span, inlines: Inlines) -> Span:
    """Return a span, in the Compose file if it is in an inline Dockerfile."""
    inline = inlines.get(span.source)
    return span if inline is None else inline.place(span)


def moved_gap(gap: Gap, inlines: Inlines) -> Gap:
    """Return a gap, in the Compose file if it is in an inline Dockerfile."""
    span = moved_span(gap.span, inlines)
    return gap if span is gap.span else gap.replaced(span=span)


def _moved_fix(fix: Fix, inline: InlineDockerfile) -> Fix | None:
    """Return the fix for the Compose file, if the edited lines are literal there."""
    edits: list[Edit] = []
    for edit in fix.edits:
        if "\n" in edit.text or not inline.is_literal(edit.span):
            return None
        edits.append(Edit(inline.place(edit.span), edit.text))
    return fix.replaced(edits=tuple(edits))
