"""Severity, subject and key path of each finding, in the order of the text."""

from __future__ import annotations

from tightship.engine.verdict import Accepted, Judged, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tightship.engine.judge.absorb import Cause
    from tightship.engine.judge.places import Places
    from tightship.engine.settings.policy import Policy


def accepted_by_policy(
    causes: list[Cause], policy: Policy | None, places: Mapping[str, Places]
) -> list[Cause]:
    """Return causes, with the acceptance that the configuration gives to some."""
    if policy is None:
        return causes

    def judged(one: Cause) -> Cause:
        subject = _subject(one, places.get(one.finding.span.source.name))
        reason = policy.acceptance_reason(one.rule, one.finding, subject)
        if not reason:
            return one
        return one.replaced(accepted=Accepted("configuration", reason))

    return list(map(judged, causes))


def located(
    causes: Iterable[Cause], places: Mapping[str, Places], policy: Policy | None
) -> list[Judged]:
    """Return judged findings, in the order of the text and of severity."""
    equals: dict[tuple[str, ...], int] = {}

    def judged(one: Cause) -> Judged:
        finding, span = one.finding, one.finding.span
        file = places.get(span.source.name)
        path = file.path(span.start) if file is not None else ()
        subject = _subject(one, file)
        own = (subject.name,) if subject.kind == "service" else ()
        same = (one.rule.name, span.source.name, subject.name, *path)
        ordinal = equals.get(same, 0)
        equals[same] = ordinal + 1
        severity = finding.severity or one.rule.severity
        if policy is not None:
            severity, why = policy.severity(
                one.rule, finding, severity, subject, one.containers
            )
            if why is not None:
                finding = finding.replaced(because=(*finding.because, why))
        return Judged(
            one.rule,
            finding,
            severity,
            subject,
            key_path=path,
            ordinal=ordinal,
            absorbed=tuple(map(judged, one.absorbed)),
            accepted=one.accepted,
            services=tuple(dict.fromkeys((*own, *one.services))),
        )

    ordered = sorted(
        causes, key=lambda one: (one.finding.span.order, -one.rule.severity)
    )
    return list(map(judged, ordered))


def _subject(one: Cause, file: Places | None) -> Subject:
    if one.container is not None:
        return Subject("service", one.container.name, one.container.span)
    span = one.finding.span
    subject = file.subject(span.start) if file is not None else None
    return subject or Subject("file", span.source.name)
