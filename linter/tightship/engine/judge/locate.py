"""Severity, subject and key path of each finding, in the order of the text."""

from __future__ import annotations

from tightship.engine.verdict import Accepted, JudgedFinding, Subject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tightship.engine.judge.absorb import Cause
    from tightship.engine.judge.places import Places
    from tightship.engine.settings.policy import Policy


def under_policy(
    causes: Iterable[Cause], policy: Policy | None, places: Mapping[str, Places]
) -> list[Cause]:
    """Return causes with what the configuration decides: acceptance and severity.

    It may decide for one of several services that share a value.
    """
    if policy is None:
        return list(causes)

    def subject_of(one: Cause) -> Subject:
        return _subject(one, places.get(one.finding.span.source.name))

    def weighed(one: Cause) -> Cause:
        finding = one.finding
        severity, why = policy.severity(
            *(one.rule, finding, one.severity, subject_of(one), one.containers)
        )
        if why is not None:
            finding = finding.replaced(because=(*finding.because, why))
        absorbed = tuple(map(weighed, one.absorbed))
        return one.replaced(finding=finding, severity=severity, absorbed=absorbed)

    def decided(one: Cause) -> Cause:
        given = policy.exception_for(one.rule, one.finding, subject_of(one))
        accepted = Accepted("configuration", given.reason, given.place) if given else None
        return weighed(one).replaced(accepted=accepted)

    return list(map(decided, causes))


def located(causes: Iterable[Cause], places: Mapping[str, Places]) -> list[JudgedFinding]:
    """Return judged findings, in the order of the text and of severity."""
    equals: dict[tuple[str, ...], int] = {}

    def judged(one: Cause) -> JudgedFinding:
        finding, span = one.finding, one.finding.span
        file = places.get(span.source.name)
        path = file.path(span.start) if file is not None else ()
        subject = _subject(one, file)
        own = (subject.name,) if subject.kind == "service" else ()
        same = (one.rule.name, span.source.name, subject.name, *path)
        ordinal = equals.get(same, 0)
        equals[same] = ordinal + 1
        return JudgedFinding(
            one.rule,
            finding,
            one.severity,
            subject,
            key_path=path,
            ordinal=ordinal,
            absorbed=tuple(map(judged, one.absorbed)),
            accepted=one.accepted,
            services=tuple(dict.fromkeys((*own, *one.services))),
        )

    ordered = sorted(causes, key=lambda one: (one.finding.span.order, -one.rule.severity))
    return list(map(judged, ordered))


def _subject(one: Cause, file: Places | None) -> Subject:
    if one.container is not None:
        return Subject("service", one.container.name, one.container.span)
    span = one.finding.span
    subject = file.subject(span.start) if file is not None else None
    return subject or Subject("file", span.source.name)
