"""Findings about containers that have their own user namespace."""

from __future__ import annotations

from tightship.config.settings import Host, lower, lowering
from tightship.findings import Related
from tightship.isolation.namespaces import own_users

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.settings.rule_settings import RuleSettings
    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.container import Container

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
