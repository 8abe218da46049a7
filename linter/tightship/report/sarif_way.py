"""The way of a value from where it is written to where it counts: SARIF's code flows."""

from __future__ import annotations

from tightship.findings import Related
from tightship.report.sarif_rule import SECURITY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Judged


def ways(judged: Judged) -> list[list[Related]]:
    """Return the ways of a value that is written elsewhere than where it counts.

    In a file that is extended, an anchor, an `env_file`: the way starts there, and leads
    over the places that explain it to the service that gets it. In a Dockerfile: there
    is a way to each service that runs it. What is absent comes from nowhere.
    """
    if judged.rule.theme not in SECURITY or judged.is_absence:
        return []
    finding = judged.finding
    start = Related(finding.span, finding.message)
    subject, goal = judged.subject, judged.subject.span
    if subject.kind != "service":
        return [[start, one] for one in finding.because if _is_far(start, one)]
    origins = [one for one in finding.because if one.role == "origin"]
    others = [one for one in finding.because if one.role != "origin"]
    way = [*origins, start, *others]
    is_outside = judged.key_path[:2] != ("services", subject.name)
    if is_outside and goal is not None and all(one.span != goal for one in way):
        way.append(Related(goal, f"service `{subject.name}` gets it"))
    return [way] if is_outside or any(_is_far(start, one) for one in way) else []


def _is_far(start: Related, one: Related) -> bool:
    return one.span.source is not start.span.source
