"""What a change hides: findings that count by the settings before it, and not after it.

A change must not turn off its own check. So what accepts, excludes or turns off is
judged as it was before the change, and a finding that only the change hides is reported,
with the place that tries to hide it.
"""

from __future__ import annotations

from tightship.engine.verdict import Hiding
from tightship.findings import Gap, Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import Settings
    from tightship.engine.verdict import JudgedFinding, Verdict


def restored(
    verdict: Verdict, found: Sequence[JudgedFinding], settings: Settings | None
) -> Verdict:
    """Return a verdict in which findings count that the change accepts.

    Args:
        verdict: the verdict after the change.
        found: those of its accepted findings that new comments accept.
        settings: those before the change, which may allow that.

    """
    hidden = [one for one in found if not is_allowed(one, settings)]
    if not hidden:
        return verdict
    known = {id(one) for one in hidden}
    counting = [
        one.hidden(Hiding.at(one.accepted.place))
        for one in hidden
        if one.accepted is not None and one.accepted.place is not None
    ]
    gaps = [Gap(one.span, one.finding.message) for one in hidden if one.is_gap]
    return verdict.replaced(
        findings=sorted([*verdict.findings, *counting], key=lambda one: one.span.order),
        accepted=[one for one in verdict.accepted if id(one) not in known],
        gaps=[*verdict.gaps, *gaps],
    )


def is_allowed(one: JudgedFinding, settings: Settings | None) -> bool:
    """Return whether settings before a change allow that it accepts a finding.

    It has to give a reason, and nothing that may give away the host or every container
    is accepted: no error, whatever severity the settings give it, and none inside it.
    """
    if settings is None or not settings.accept_new_suppressions:
        return False
    if one.accepted is None or not one.accepted.reason:
        return False
    return not _is_error(one)


def strictest(fail_on: str, settings: Settings | None) -> str:
    """Return the stricter `fail-on` of a change and of the settings before it."""
    before = settings.fail_on if settings is not None else "warning"
    order = (*(one.word for one in Severity), "never")
    return min(fail_on, before, key=order.index)


def _is_error(one: JudgedFinding) -> bool:
    usual = one.finding.severity or one.rule.severity
    error = Severity.ERROR
    return error in (usual, one.severity) or any(map(_is_error, one.absorbed))
