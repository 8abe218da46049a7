"""SARIF's code flows: the path of a value to the service that gets it."""

from __future__ import annotations

from tightship.findings import Related
from tightship.report.sarif_rule import SECURITY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding


def flows(judged: JudgedFinding) -> list[list[Related]]:
    """Return the flows of a value that is written elsewhere than it takes effect.

    From an extended file, an anchor or an `env_file`, the flow leads over the places that
    explain it to the service that gets it. From a Dockerfile, a flow leads to each
    service that runs it. An absent value has no flow.
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
    flow = [*origins, start, *others]
    is_outside = judged.key_path[:2] != ("services", subject.name)
    if is_outside and goal is not None and all(one.span != goal for one in flow):
        flow.append(Related(goal, f"service `{subject.name}` gets it"))
    return [flow] if is_outside or any(_is_far(start, one) for one in flow) else []


def _is_far(start: Related, one: Related) -> bool:
    return one.span.source is not start.span.source
