"""The state of each control, for each service and each image that is built, with evidence.

Silence of a rule proves nothing. A service or an image meets a control if no rule of the
control finds anything, if the facts that decide it hold whatever variables are set, and if its
project has no part that could not be checked.
"""

from __future__ import annotations

from functools import cache

from tightship.controls.format import SUBJECTS, Demand, conditions
from tightship.lazy import TYPE_CHECKING, Record
from tightship.project_facts.services import SERVICE
from tightship.project_facts.stages import STAGE
from tightship.project_facts.values import Facts
from tightship.rules.catalogues import by_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Literal, TypeAlias

    from tightship.controls.format import Evidence
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.isolation.loaded_project import BuiltImage, LoadedProject
    from tightship.policies.policy import Policy, PolicyRule
    from tightship.rules.catalogues import Catalogue, Control
    from tightship.text import Span

    State: TypeAlias = Literal[
        "not met", "undecided here", "met with exception", "met", "contribution", "not applicable"
    ]
    Summary: TypeAlias = State | Literal["not decidable from files"]


class Subject(Record):
    """A service, or the image that a stage makes.

    ``unsettled`` are the facts as far as no variable decides them, not even one with a
    default. ``gap`` is the part of the project that could not be checked, if there is one.
    An image that services run ``is_run``.
    """

    verdict: Verdict
    kind: Literal["service", "stage"]
    name: str
    span: Span
    facts: Facts
    unsettled: Facts
    findings: tuple[JudgedFinding, ...] = ()
    gap: str = ""
    is_run: bool = False
    is_windows: bool = False


def every_finding(verdict: Verdict) -> Iterator[JudgedFinding]:
    """Yield what was found, with what is accepted and with what another finding absorbs."""
    for found in (verdict.findings, verdict.accepted, verdict.known, verdict.earlier):
        for one in found:
            yield one
            yield from one.absorbed


def unchecked(verdict: Verdict) -> list[tuple[Span, str]]:
    """Return the parts that could not be checked, those that a comment accepts included."""
    found = {(gap.span.order, gap.reason): (gap.span, gap.reason) for gap in verdict.unchecked}
    for one in every_finding(verdict):
        if one.is_gap:
            found.setdefault((one.span.order, one.finding.message), (one.span, one.finding.message))
    return [found[key] for key in sorted(found)]


def subjects(verdict: Verdict) -> Iterator[Subject]:
    """Yield the services of a project, and then the images of its Dockerfiles."""
    loaded = verdict.project
    if loaded is None:
        return
    findings, gap = [*every_finding(verdict)], ""
    for span, reason in unchecked(verdict)[:1]:
        gap = f"{span.place} was not checked: {reason}"
    yield from _services(verdict, loaded, findings, gap)
    yield from _stages(verdict, loaded, findings, gap)
    for one in loaded.containers:
        build = one.value("build")
        # Nobody has read its Dockerfile. That of a file to merge over others is in their project.
        if build is not None and one.stage is None and not one.may_have("build"):
            hidden = Facts(STAGE, None, build.span, known=False)
            yield Subject(
                verdict, "stage", one.name, build.span, hidden, hidden, gap=gap, is_run=True
            )


def _services(
    verdict: Verdict, loaded: LoadedProject, findings: Iterable[JudgedFinding], gap: str
) -> Iterator[Subject]:
    unsettled = {one.name: one for one in loaded.unsettled.containers}
    # What is about no service, such as a secret at the top level, is about each.
    builders, every = verdict.builders, [one.name for one in loaded.containers]
    for one in loaded.containers:
        always = unsettled.get(one.name)
        yield Subject(
            verdict,
            "service",
            one.name,
            one.span,
            Facts(SERVICE, one, one.span),
            Facts(SERVICE, always, one.span, known=always is not None),
            tuple(
                found
                for found in findings
                if one.name in (found.services or builders.get(found.span.source.name, every))
            ),
            gap,
            is_windows=one.runs_windows,
        )


def _stages(
    verdict: Verdict, loaded: LoadedProject, findings: Iterable[JudgedFinding], gap: str
) -> Iterator[Subject]:
    built = loaded.built
    if built is None:
        return
    later = loaded.unsettled.built
    unsettled = {_place(one): one for one in later.images} if later is not None else {}
    for one in built.images:
        always, source = unsettled.get(_place(one)), one.span.source.name
        yield Subject(
            verdict,
            "stage",
            one.stage.name or source,
            one.span,
            Facts(STAGE, one.stage, one.span),
            Facts(STAGE, always and always.stage, one.span, known=always is not None),
            tuple(
                found
                for found in findings
                if found.span.source.name == source and found.subject.kind != "service"
            ),
            gap,
            is_run=bool(one.containers),
            is_windows=one.stage.system == "windows",
        )


def _place(image: BuiltImage) -> tuple[str, int]:
    return image.span.source.name, image.span.start


STATES: tuple[State, ...] = (
    "not met",
    "undecided here",
    "met with exception",
    "met",
    "contribution",
    "not applicable",
)
"""The states of a service or an image, the one that decides for all of them first."""

UNDECIDABLE: Summary = "not decidable from files"
_NOTHING_FOUND = "nothing was found; the rest is decided by"
_VARIABLE = "a variable decides it, and its default meets it"
_OPEN = "the files do not decide it"
_WINDOWS = "it runs Windows, which the facts do not cover"


class Outcome(Record):
    """The state of a service or an image, and why.

    ``facts`` are the evidence, ``findings`` what rules found, and ``reason`` why it is
    undecided. ``default`` is what holds where the files set nothing. One that is not
    ``is_decidable`` hangs on what files never show.
    """

    subject: Subject
    state: State
    facts: tuple[Evidence, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()
    reason: str = ""
    default: str = ""
    is_decidable: bool = True


class Assessment(Record):
    """The state of a control in all projects, with the outcome for each service or image."""

    control: Control
    state: Summary
    outcomes: tuple[Outcome, ...] = ()

    @property
    def counts(self) -> dict[State, int]:
        """Return how many services and images have each state, without those that none has."""
        states = [one.state for one in self.outcomes]
        return {one: states.count(one) for one in STATES if one in states}


class _Part(Record):
    """The demands of a control, or of one that it is like, by the kind of thing."""

    control: Control
    rules: frozenset[str]
    demands: Mapping[str, Demand]
    is_policy: bool = False


def rules_of(catalogues: Iterable[Catalogue]) -> set[str]:
    """Return the names of the rules that decide controls of some catalogues."""
    controls = (one for catalogue in catalogues for one in catalogue.controls)
    return {rule for one in controls for part in _parts(one) for rule in part.rules}


def assessed(
    catalogue: Catalogue, subjects: Sequence[Subject], policies: Iterable[Policy] = ()
) -> Iterator[Assessment]:
    """Yield the state of each control of a catalogue, in its order.

    A rule of a policy that names a control decides it, too.
    """
    added: dict[str, list[PolicyRule]] = {}
    for rule in (rule for policy in policies for rule in policy.rules):
        for key in rule.controls:
            added.setdefault(key, []).append(rule)
    for control in catalogue.controls:
        rules = added.get(control.key, [])
        if control.decidable == "no" and not rules:
            yield Assessment(control, UNDECIDABLE)
            continue
        parts = (*_parts(control), *(_of_policy(control, rule) for rule in rules))
        outcomes = [one for subject in subjects if (one := _outcome(control, parts, subject))]
        state = _first(one.state for one in outcomes) if outcomes else "not applicable"
        yield Assessment(control, state, tuple(outcomes))


def _first(states: Iterable[State]) -> State:
    return min(states, key=STATES.index)


def _outcome(control: Control, parts: Sequence[_Part], subject: Subject) -> Outcome | None:
    """Return the outcome of a control for a subject: none if it is about others."""
    parts = [one for one in parts if subject.kind in one.demands]
    if not parts or (subject.is_run and all("service" in one.demands for one in parts)):
        return None  # the services that run an image are asked
    found = [_of_part(one, one.demands[subject.kind], subject) for one in parts]
    if parts[-1].is_policy:  # it says what files alone do not
        found = [one for one in found if one.state != "undecided here" or one.is_decidable]
    state = _first(one.state for one in found)
    deciding = [one for one in found if state in ("met", one.state)]
    made = Outcome(
        subject,
        state,
        tuple(fact for one in deciding for fact in one.facts),
        tuple(finding for one in deciding for finding in one.findings),
        "; ".join(dict.fromkeys(one.reason for one in deciding if one.reason)),
        "; ".join(dict.fromkeys(one.default for one in deciding if one.default)),
    )
    return _weighed(control, made, by_policy=parts[-1].is_policy)


def _weighed(control: Control, made: Outcome, *, by_policy: bool) -> Outcome:
    """Return the outcome of a control that files decide in parts."""
    if made.state != "met":
        return made
    if control.catalogue.contribution:
        return made.replaced(state="contribution")
    if control.decidable == "partly" and not control.given and not by_policy:
        reason = f"{_NOTHING_FOUND} {control.who}"
        return made.replaced(state="undecided here", reason=reason)
    return made


@cache
def _parts(control: Control) -> tuple[_Part, ...]:
    """Return the demands of a control and of those that it is like."""
    own: tuple[_Part, ...] = ()
    has_own = not control.table.keys().isdisjoint(("rules", "require", "forbid", "known"))
    if has_own or not control.like:
        own = (_Part(control, frozenset(control.rules), conditions(control.table)),)
    return (*own, *(part for key in control.like for part in _parts(by_key()[key])))


def _of_policy(control: Control, rule: PolicyRule) -> _Part:
    """Return what a rule of a policy demands; of an image or a project, it is silent."""
    about = (rule.about,) if rule.about in SUBJECTS else SUBJECTS
    demand = Demand(
        rule.when if rule.about in SUBJECTS else None,
        rule.requires if rule.about in SUBJECTS else None,
        by_silence=rule.id if rule.unknown == "violation" else "",
        settles_defaults=rule.settles_defaults,
    )
    return _Part(control, frozenset((rule.id,)), dict.fromkeys(about, demand), is_policy=True)


def _of_part(part: _Part, demand: Demand, subject: Subject) -> Outcome:
    now = subject.facts
    always = now if demand.settles_defaults else subject.unsettled
    findings = tuple(one for one in subject.findings if one.rule.name in part.rules)
    if findings:
        excepted = all(one.accepted and one.accepted.by == "policy" for one in findings)
        state: State = "met with exception" if excepted else "not met"
        return Outcome(subject, state, findings=findings)
    applies = demand.applies(always)
    if applies is False:
        return Outcome(subject, "not applicable")
    if not demand.decides:
        reason = f"{_NOTHING_FOUND} {part.control.who}"
        return Outcome(subject, "undecided here", reason=reason, is_decidable=False)
    holds = demand.holds(always)
    if demand.holds(now) is False and demand.applies(now):
        return Outcome(subject, "not met", tuple(demand.evidence(now)))
    if holds is not True:
        why = _VARIABLE if demand.holds(now) else _OPEN
        facts = tuple(demand.evidence(always, is_open=True))
        return Outcome(subject, "undecided here", facts, reason=why)
    facts = tuple(demand.evidence(always))
    if subject.gap or subject.is_windows:
        return Outcome(subject, "undecided here", facts, reason=subject.gap or _WINDOWS)
    return Outcome(subject, "met", facts, default=demand.default)
