"""What policies find in a project, and what their own exceptions accept."""

from __future__ import annotations

import posixpath

from tightship.engine.judge.absorb import absorbed
from tightship.engine.judge.places import located, places_of
from tightship.engine.judge.share import shared
from tightship.engine.rule_runner import RuleFinding
from tightship.engine.verdict import Accepted
from tightship.findings import Gap
from tightship.isolation.container import Container
from tightship.policies.globs import compiled
from tightship.policies.rule import as_rule, findings
from tightship.project_facts.groups import subjects
from tightship.values.quantity import today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tightship.engine.judge.project import Judgement
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.policies.policy import Policy, PolicyException, PolicyRule
    from tightship.project_facts.values import Facts


def with_policies(made: Judgement, loaded: LoadedProject, job: Job) -> Judgement:
    """Return a judgement with what the policies of a job find.

    No comment and no setting accepts it: exceptions are in the policies alone.
    """
    policies, gaps = job.runner.policies, list[Gap]()
    folder = posixpath.dirname(job.name) or "."
    found = [_accepted(one, policies, folder) for one in made.findings]
    views = {True: _by_group(loaded), False: _by_group(loaded.unsettled)}
    places = places_of(loaded)
    for policy in policies:
        groups = dict[int, list[RuleFinding]]()
        for rule in policy.rules:
            for facts in views[rule.settles_defaults].get(rule.about, ()):
                _judge(rule, facts, groups, gaps)
        judged = located(shared(absorbed(groups.values())), places)
        found += [_accepted(one, [policy], folder) for one in judged]
    found.sort(key=lambda one: one.span.order)
    return made.replaced(findings=found, gaps=(*made.gaps, *gaps))


def _by_group(loaded: LoadedProject) -> dict[str, list[Facts]]:
    found: dict[str, list[Facts]] = {}
    for one in subjects(loaded):
        found.setdefault(one.group.name, []).append(one)
    return found


def _judge(
    rule: PolicyRule, facts: Facts, groups: dict[int, list[RuleFinding]], gaps: list[Gap]
) -> None:
    made = None
    for finding in findings(rule, facts):
        if finding.severity is not None:
            # The policy wants a report where only a run decides: this was not checked.
            gaps.append(Gap(finding.span, f"{rule.id}: {finding.message}"))
            continue
        made = made or as_rule(rule)
        source = facts.source
        container = source if isinstance(source, Container) else None
        groups.setdefault(id(container), []).append(RuleFinding(made, finding, source, container))


def _accepted(one: JudgedFinding, policies: Sequence[Policy], folder: str) -> JudgedFinding:
    day = today()
    for exception in (each for policy in policies for each in policy.exceptions):
        if exception.is_over(day) or not covers(exception, one, folder):
            continue
        reason = (
            f"{exception.reason} (approved by {exception.approved_by}, until {exception.until})"
        )
        return one.replaced(accepted=Accepted("policy", reason, exception.span))
    return one


def covers(exception: PolicyException, one: JudgedFinding, folder: str) -> bool:
    """Return whether an exception is about a finding, on whatever day."""
    if exception.rule != one.rule.name and exception.rule not in one.rule.aliases:
        return False
    names = one.services or (one.subject.name,)
    return (
        _matches(exception.projects, (folder,))
        and _matches(exception.files, (one.span.source.name,))
        and _matches(exception.services, names)
    )


def _matches(patterns: Sequence[str], names: Iterable[str]) -> bool:
    """Return whether patterns cover all of some names; no pattern covers every one."""
    return not patterns or all(any(compiled(p).matches(n) for p in patterns) for n in names)
