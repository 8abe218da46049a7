"""What policies find in a project, and what their own exceptions accept."""

from __future__ import annotations

import posixpath

from tightship.engine.judge.absorb import absorbed, shared
from tightship.engine.judge.places import located, places_of
from tightship.engine.rule_runner import RuleFinding
from tightship.engine.settings.selection import Selection
from tightship.engine.verdict import Accepted
from tightship.findings import Finding, Gap
from tightship.isolation.deciding import left_open, left_open_by_build
from tightship.policies.globs import compiled
from tightship.policies.rule import as_rule, violation
from tightship.project_facts.groups import subjects
from tightship.rules.definition import known_rules
from tightship.values.quantity import today

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.engine.judge.project import Judgement
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding
    from tightship.isolation.container import Container
    from tightship.isolation.deciding import Unknown
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.policies.policy import Policy, PolicyException, PolicyRule
    from tightship.project_facts.values import Facts
    from tightship.text import Span

_ADVICE = "write the value in the file, or accept this by an exception of the policy"


def with_policies(made: Judgement, loaded: LoadedProject, job: Job) -> Judgement:
    """Return a judgement with what the policies of a job find.

    No comment and no setting accepts it: exceptions are in the policies alone.
    """
    policies = job.runner.policies
    gaps: list[Gap] = []
    folder = posixpath.dirname(job.name) or "."
    found = _accepted(made.findings, policies, folder)
    plain = both = [*subjects(loaded)]
    guesses = any(one.guesses for policy in policies for one in policy.rules)
    # What no variable decides must hold by its default, too: that may read otherwise, as
    # `registry.example:${X:-5000/app}` does, which names a registry by its default alone.
    if guesses or loaded.unsettled is not loaded:
        both = [*subjects(loaded, settles=False), *plain]
    by_default, settled = _by_group(plain), _by_group(both)
    places = places_of(loaded)
    for policy in policies:
        groups: dict[int, list[RuleFinding]] = {}
        for rule in policy.rules:
            things = (by_default if rule.settles_defaults else settled).get(rule.about)
            if things is not None:
                _judge(rule, things, groups, gaps)
        if policy.builtin and policy.unknown != "ignore":
            _undecided(policy, loaded, groups, gaps)
        judged = located(shared(absorbed(groups.values(), policy.builtin)), places)
        found += _accepted(judged, [policy], folder)
    found.sort(key=lambda one: one.span.order)
    return made.replaced(findings=found, gaps=(*made.gaps, *gaps))


def _by_group(things: Iterable[Facts]) -> dict[str, list[Facts]]:
    found: dict[str, list[Facts]] = {}
    for one in things:
        found.setdefault(one.group.name, []).append(one)
    return found


def _judge(
    rule: PolicyRule, things: Sequence[Facts], groups: dict[int, list[RuleFinding]], gaps: list[Gap]
) -> None:
    """Add what a rule finds: about what is at one place, only the first for each service."""
    broken: set[tuple[Span, str]] = set()
    for facts in things:
        source = facts.source
        container: Container | None = getattr(source, "container", None)
        place = facts.span, container.name if container is not None else ""
        finding = None if broken and place in broken else violation(rule, facts)
        if finding is None:
            continue
        broken.add(place)
        if finding.severity is not None:
            # The policy wants a report where only a run decides: this was not checked.
            gaps.append(Gap(finding.span, f"{rule.id}: {finding.message}"))
            continue
        made = RuleFinding(as_rule(rule), finding, source, container)
        groups.setdefault(id(container), []).append(made)


def _undecided(
    policy: Policy, loaded: LoadedProject, groups: dict[int, list[RuleFinding]], gaps: list[Gap]
) -> None:
    """Add what the rules of Tightship that a policy names cannot decide."""
    demanded = {one.name: one for one in Selection(policy.builtin).rules(known_rules())}
    for subject, container, name, one in _left_open(loaded):
        for rule in one.rules.split():
            if rule not in demanded:
                continue
            told = f"the files do not decide {one.what.format(name)}"
            if policy.unknown == "report":
                gaps.append(Gap(one.span, f"{rule}: {told}"))
                continue
            found = Finding(one.span, told, advice=_ADVICE)
            made = RuleFinding(demanded[rule].load(), found, subject, container)
            groups.setdefault(id(container), []).append(made)


def _left_open(loaded: LoadedProject) -> Iterator[tuple[object, Container | None, str, Unknown]]:
    for container in loaded.containers:
        for one in left_open(container):
            yield container, container, f"`{container.name}`", one
    for image in loaded.built.images if loaded.built is not None else ():
        for one in left_open_by_build(image.stage):
            yield image, None, "the image", one


def _accepted(
    found: Iterable[JudgedFinding], policies: Sequence[Policy], folder: str
) -> list[JudgedFinding]:
    day = today()
    every = [each for policy in policies for each in policy.exceptions if not each.is_over(day)]
    if not every:
        return [*found]

    def decided(one: JudgedFinding) -> JudgedFinding:
        given = next((each for each in every if covers(each, one, folder)), None)
        if given is None:
            return one
        reason = f"{given.reason} (approved by {given.approved_by}, until {given.until})"
        return one.replaced(accepted=Accepted("policy", reason, given.span))

    return list(map(decided, found))


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
