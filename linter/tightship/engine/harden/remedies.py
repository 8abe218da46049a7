"""The fixes that make weak mechanisms of a profile strong."""

from __future__ import annotations

from tightship.engine.harden.measures import MEASURES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.isolation.mechanism_state import MechanismState
    from tightship.isolation.profile import Profile


def remedies(profile: Profile, findings: Iterable[JudgedFinding]) -> dict[MechanismState, Fix]:
    """Return the fix of each weak mechanism that a finding about the service fixes."""
    own = [one for one in findings if profile.name in one.services]
    found: dict[MechanismState, Fix] = {}
    for row in profile.rows:
        if row.mark != "weak":
            continue
        for judged in own:
            fix = judged.finding.fix
            if fix is not None and _is_about(judged, row):
                found[row] = fix
                break
    return found


def _is_about(judged: JudgedFinding, row: MechanismState) -> bool:
    """Return whether a finding is about a mechanism: by its rule, or by its place."""
    measure = MEASURES.get(judged.rule.name)
    if measure is not None:
        return measure.mechanism == row.mechanism
    place, span = row.place, judged.span
    if place is None or place.source.name != span.source.name or judged.is_absence:
        return False
    return place.start < span.end and span.start < place.end
