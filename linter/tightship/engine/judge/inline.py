"""Findings in an inline Dockerfile, moved to their places in the Compose file."""

from __future__ import annotations

from tightship.engine.verdict import Subject
from tightship.findings import Fix
from tightship.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.inline_dockerfile import InlineDockerfile
    from tightship.engine.verdict import Judged
    from tightship.text import Span


def moved(one: Judged, inline: InlineDockerfile) -> Judged:
    """Return a finding with all places of an inline Dockerfile in the Compose file."""
    finding, subject = one.finding, one.subject
    is_inside = finding.span.source is inline.source
    made = finding.replaced(
        span=moved_span(finding.span, inline),
        because=tuple(
            related.placed(moved_span(related.span, inline))
            for related in finding.because
        ),
        convert_fix=(lambda fix: _moved_fix(fix, inline)) if is_inside else None,
    )
    if subject.span is not None and subject.span.source is inline.source:
        subject = Subject(subject.kind, subject.name, inline.place(subject.span))
    return one.replaced(finding=made, subject=subject)


def moved_span(span: Span, inline: InlineDockerfile) -> Span:
    """Return a span, in the Compose file if it is in an inline Dockerfile."""
    return inline.place(span) if span.source is inline.source else span


def _moved_fix(fix: Fix, inline: InlineDockerfile) -> Fix | None:
    """Return a fix of the Compose file, if the lines that it edits are literal there."""
    edits = list[Edit]()
    for edit in fix.edits:
        if "\n" in edit.text or not inline.is_literal(edit.span):
            return None
        edits.append(Edit(inline.place(edit.span), edit.text))
    return Fix(fix.title, tuple(edits), fix.applicability, fix.may_break)
