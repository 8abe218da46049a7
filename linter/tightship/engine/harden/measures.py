"""The measures that harden a service: a rule about what it lacks, and what its fix sets."""

from __future__ import annotations

from tightship.isolation import hardening_knowledge as knowledge
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.isolation.container import Container
    from tightship.isolation.hardening_knowledge import Knowledge
    from tightship.isolation.profile import Profile
    from tightship.isolation.weakness import MechanismState


class Measure(Record):
    """A measure: the mechanism that it makes strong, and the knowledge behind it.

    ``keys`` are the keys of a service that the fix sets.
    """

    mechanism: str
    keys: tuple[str, ...]
    known: Callable[[Container], Knowledge]


MEASURES = {
    "writable-root-filesystem": Measure(
        "root file system", ("read_only", "tmpfs", "volumes"), knowledge.of_read_only_root
    ),
    "default-capabilities-kept": Measure(
        "capabilities", ("cap_drop", "cap_add"), knowledge.of_capabilities
    ),
    "privilege-escalation-allowed": Measure(
        "setuid programs", ("security_opt",), knowledge.of_new_privileges
    ),
    "unlimited-resources": Measure(
        "limits", ("mem_limit", "pids_limit", "deploy"), knowledge.of_limits
    ),
}
"""What is known about the measure of each rule that has one."""


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
