"""Absorption: findings that another one makes irrelevant move inside it."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from tightship.engine.rule_runner import RuleFinding
    from tightship.engine.verdict import Accepted
    from tightship.findings import Finding, Severity
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.rules.definition import Rule
    from tightship.text import Span

    # By a rule; by a place, and the id of the container or build there.
    Here: TypeAlias = Mapping[str, Mapping[tuple[Span, int], RuleFinding]]

_FILE = 0


class Cause(Record):
    """A finding that is not absorbed, with those that it absorbs.

    ``container`` is the container that it is about, if any, and ``services`` are the
    names of all services that share it. ``severity`` is that of the finding or of its
    rule, unless the configuration sets another one. ``accepted`` is set if the
    configuration accepts it.
    """

    rule: Rule
    finding: Finding
    subject: object
    container: Container | None
    absorbed: tuple[Cause, ...]
    services: tuple[str, ...]
    severity: Severity
    accepted: Accepted | None = None

    @property
    def containers(self) -> tuple[Container, ...]:
        """Return the containers that it is about, if they are known."""
        if self.container is not None:
            return (self.container,)
        several: tuple[Container, ...] = getattr(self.subject, "containers", ())
        return several


def build_of(subject: object) -> Build | None:
    """Return the build of a Dockerfile that a subject is a part of, if it is one."""
    stage: Stage | None = getattr(subject, "stage", None)
    build: Build | None = getattr(stage or subject, "build", None)
    return build


def absorbed(groups: Iterable[list[RuleFinding]]) -> list[Cause]:
    """Return the findings that no other one absorbs, group by group.

    A finding is absorbed by one about the same container (``absorbs``), or by one that is
    or takes effect at the same place (``absorbs_here``), and is about the same container,
    the same build of a Dockerfile, or the file. Services share places by anchors and
    `extends`, and one of them has nothing to do with the causes of another.
    """
    groups = list(groups)
    here: dict[str, dict[tuple[Span, int], RuleFinding]] = {}
    for group in groups:
        for one in group:
            for name in one.rule.absorbs_here:
                found = here.setdefault(name, {})
                for place in _places(one.finding):
                    found.setdefault((place, _owner(one)), one)
    inside: dict[int, list[RuleFinding]] = {}
    kept: list[RuleFinding] = []
    for group in groups:
        kept += _kept(group, here, inside)

    def cause(one: RuleFinding) -> Cause:
        return Cause(
            one.rule,
            one.finding,
            one.subject,
            one.container,
            tuple(map(cause, inside.get(id(one), ()))),
            (one.container.name,) if one.container else (),
            one.finding.severity or one.rule.severity,
        )

    return list(map(cause, kept))


def _kept(
    group: list[RuleFinding], here: Here, inside: dict[int, list[RuleFinding]]
) -> list[RuleFinding]:
    """Return the findings of a container that are not absorbed.

    The others are added to ``inside``, by the ``id`` of the one that absorbs them.
    """
    everywhere: dict[str, RuleFinding] = {}
    for one in group:
        for name in one.rule.absorbs:
            everywhere.setdefault(name, one)
    if not everywhere and not here:
        return group

    def absorber(one: RuleFinding) -> RuleFinding | None:
        name, span = one.rule.name, one.finding.span
        other = everywhere.get(name)
        if other is None and name in here:
            found = here[name]
            other = found.get((span, _owner(one))) or found.get((span, _FILE))
        return None if other is one else other

    kept: list[RuleFinding] = []
    for one in group:
        last, seen = absorber(one), {id(one)}
        while last is not None and id(last) not in seen:
            seen.add(id(last))
            above = absorber(last)
            if above is None:
                break
            last = above
        if last is None:
            kept.append(one)
        else:
            inside.setdefault(id(last), []).append(one)
    return kept


def _places(finding: Finding) -> Iterator[Span]:
    yield finding.span
    yield from (one.span for one in finding.because if one.role == "receiver")


def _owner(one: RuleFinding) -> int:
    """Return the id of what a finding is about: a container, a build, or the file."""
    about = one.container or build_of(one.subject)
    return id(about) if about is not None else _FILE
