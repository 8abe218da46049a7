"""Findings about containers in the words of the files that declare them."""

from __future__ import annotations

from tightship.config.settings import Host, lower, lowering
from tightship.findings import Related
from tightship.isolation.namespaces import own_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings


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
