"""Findings as the files have them: in the words of a language, and at their places in a file."""

from __future__ import annotations

from tightship.config.settings import Host, lower, lowering
from tightship.engine.verdict import Accepted, Subject
from tightship.findings import Related
from tightship.isolation.namespaces import own_users
from tightship.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix, Gap
    from tightship.isolation.container import Container
    from tightship.model.build import InlineDockerfile
    from tightship.model.container_settings import ContainerSettings
    from tightship.text import Source, Span

    # The inline Dockerfiles of a project, by their texts.
    Inlines: TypeAlias = Mapping[Source, InlineDockerfile]


def in_words_of(services: Mapping[str, ContainerSettings], judged: JudgedFinding) -> JudgedFinding:
    """Return a finding with its texts as the language of its container has them.

    Rules speak of keys of Compose, and of services.
    """
    absorbed = tuple(in_words_of(services, one) for one in judged.absorbed)
    settings = services.get(judged.subject.name) if judged.subject.kind == "service" else None
    if settings is None:
        return judged.replaced(absorbed=absorbed)
    worded = settings.worded

    def converted(fix: Fix) -> Fix:
        return fix.replaced(title=worded(fix.title), may_break=worded(fix.may_break))

    finding = judged.finding.replaced(
        message=worded(judged.finding.message),
        because=tuple(one.replaced(message=worded(one.message)) for one in judged.finding.because),
        advice=worded(judged.advice),
        convert_fix=converted,
    )
    return judged.replaced(finding=finding, absorbed=absorbed)


_OWN = Host(userns_remap=True)


def lowered_by_namespace(
    containers: Mapping[str, Container], judged: JudgedFinding, settings: RuleSettings | None
) -> JudgedFinding:
    """Return a finding with a lower severity, if the user namespace of its container makes it so.

    What a host does for all containers, as `[host]` says, Podman does for one.
    """
    container = containers.get(judged.subject.name)
    place = own_users(container.settings) if container is not None else None
    found = lowering(_OWN, judged.rule.name, own_namespace=True) if place is not None else None
    low = lower(judged.severity)
    is_set = settings is not None and settings.sets_severity(judged)
    if found is None or place is None or is_set or low is judged.severity:
        return judged
    why = f"{low.word} rather than {judged.severity.word}: {found.why}"
    finding = judged.finding.replaced(because=(*judged.finding.because, Related(place, why)))
    return judged.replaced(finding=finding, severity=low)


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
