"""One finding for one cause: absorption, and values that several services share.

Findings that another one makes irrelevant move inside it. A value in an anchor that ten
services use is one finding, where it is written, with them as related places. So is a
line of a Dockerfile that is built in several ways, if all builds have the same finding.
"""

from __future__ import annotations

from itertools import islice

from tightship.findings import Fix, Related, Severity
from tightship.isolation.buildable import Buildable
from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from tightship.engine.rule_runner import RuleFinding
    from tightship.engine.verdict import Accepted
    from tightship.findings import Finding
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.rules.definition import Rule
    from tightship.text import Span

    # By a rule; by a place, and the id of the container or build there.
    Here: TypeAlias = Mapping[str, Mapping[tuple[Span, int], RuleFinding]]
    Place = tuple[str, Span, str]


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


def absorbed(groups: Iterable[list[RuleFinding]], demanded: Collection[str] = ()) -> list[Cause]:
    """Return the findings that no other one absorbs, group by group.

    A finding is absorbed by one about the same container (``absorbs``), or by one that is
    or takes effect at the same place (``absorbs_here``), and is about the same container,
    the same build of a Dockerfile, or the file. Services share places by anchors and
    `extends`, and one of them has nothing to do with the causes of another. ``demanded`` are
    the names of rules that policies demand.
    """
    groups = list(groups)
    here: dict[str, dict[tuple[Span, int], RuleFinding]] = {}
    for group in groups:
        for one in group:
            for name in one.rule.absorbs_here:
                found = here.setdefault(name, {})
                because = (other.span for other in one.finding.because if other.role == "receiver")
                for place in (one.finding.span, *because):
                    found.setdefault((place, _owner_id(one)), one)
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
            one.finding.severity or _severity(one, demanded),
        )

    return list(map(cause, kept))


def _severity(one: RuleFinding, demanded: Collection[str]) -> Severity:
    """Return the severity that a rule gives to a subject, or at least that of a demand."""
    rule = one.rule
    if rule.name in demanded:
        return max(rule.severity, Severity.WARNING)
    is_info = rule.info_where is not None and rule.info_where(one.subject)
    return Severity.INFO if is_info else rule.severity


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
            other = found.get((span, _owner_id(one))) or found.get((span, _FILE))
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


def _owner_id(one: RuleFinding) -> int:
    """Return the id of what a finding is about: a container, a build, or the file."""
    about = one.container or build_of(one.subject)
    return id(about) if about is not None else _FILE


def shared(causes: Sequence[Cause]) -> list[Cause]:
    """Return causes with one finding of a rule at each place.

    Findings that the configuration accepts, or that have another severity, stay apart.
    """
    groups: dict[tuple[object, ...], list[Cause]] = {}
    others: list[Cause] = []
    builds: dict[Place, dict[int, Build]] = {}
    for one in causes:
        finding, span = one.finding, one.finding.span
        build = _build(one)
        if build is not None:
            place = (one.rule.name, span, finding.message)
            builds.setdefault(place, {})[id(build)] = build
        place_of_rule = one.rule.name, span.source.name, span.start, span.end
        key = *place_of_rule, one.severity, bool(one.accepted)
        group = groups.setdefault(key, [])
        first = group[0] if group else one
        if first is one:
            group.append(one)
        elif one.container is None and first.finding.message == finding.message:
            continue
        elif build is not None:
            # Each way to build the file has its own words about the same line.
            group[0] = _with_cause(first)
            others.append(_with_cause(one))
        elif (owner := _owner(one)) is None or owner is _owner(first):
            others.append(_with_service(one))
        else:
            group.append(one)
    merged = [*map(_merged, groups.values()), *others]
    return [*map(_Builders(builds).named, merged)] if builds else merged


def _build(one: Cause) -> Build | None:
    """Return the build that a finding is about, if its file has other builds too."""
    if one.container is not None:
        return None
    build = build_of(one.subject)
    if build is None or build.source is not one.finding.span.source:
        return None
    return build if len(build.variants) > 1 else None


def _with_cause(one: Cause) -> Cause:
    """Return a finding about a line that is built in several ways, with the line as its cause."""
    finding, span = one.finding, one.finding.span
    if finding.cause:
        return one
    return one.replaced(finding=finding.replaced(cause=(span.source.name, str(span.start))))


def _merged(group: list[Cause]) -> Cause:
    """Return one cause for those of several containers at one place."""
    first, *others = group
    first = _with_service(first)
    if not others:
        return first
    owners = [owner for one in others if (owner := _owner(one)) is not None]
    because = (_receiver(owner, " too") for owner in owners)
    names = (one.container.name for one in others if one.container is not None)
    return first.replaced(
        finding=_with_fixes_of(first.finding, [one.finding for one in others]).replaced(
            because=(*first.finding.because, *because)
        ),
        absorbed=tuple(absorbed for one in (first, *others) for absorbed in one.absorbed),
        services=tuple(dict.fromkeys((*first.services, *names))),
    )


def _with_fixes_of(one: Finding, others: Sequence[Finding]) -> Finding:
    """Return a finding whose fix is for all: each may need its own edit."""

    def all_of(fix: Fix) -> Fix | None:
        fixes = [fix]
        for other in others:
            if other.fix is None:
                return None
            fixes.append(other.fix)
        edits = tuple(dict.fromkeys(edit for each in fixes for edit in each.edits))
        return fix.replaced(edits=edits)

    return one.replaced(convert_fix=all_of)


def _with_service(one: Cause) -> Cause:
    """Name the service, if no place of the finding is in its file."""
    if one.container is None:
        return one
    home = one.container.span.source.name
    places = one.finding.span, *(related.span for related in one.finding.because)
    if any(place.source.name == home for place in places):
        return one
    because = (*one.finding.because, _receiver(one.container))
    return one.replaced(finding=one.finding.replaced(because=because))


def _owner(one: Cause) -> Buildable | None:
    """Return the container that a finding is about, or the image that is built for none."""
    return one.subject if isinstance(one.subject, Buildable) else one.container


def _receiver(owner: Buildable, too: str = "") -> Related:
    message = f"{owner.title} gets it{too}"
    return Related(owner.span, message, role="receiver")


class _Builders:
    """Names the services that build a file in the way that a finding is about.

    They are named only where other services build the same stage in other ways.
    """

    def __init__(self, builds: dict[Place, dict[int, Build]]) -> None:
        self._builds = builds
        # How many builds of a file make each of its stages: counted once, since one
        # file may be built in as many ways as there are findings.
        self._makers: dict[tuple[int, int], int] = {}

    def named(self, one: Cause) -> Cause:
        """Return a cause whose finding names the services."""
        finding = one.finding
        builds = self._builds.get((one.rule.name, finding.span, finding.message), {})
        stage = getattr(one.subject, "stage", one.subject)
        index: int | None = getattr(stage, "index", None)
        receivers = self._receivers(finding, builds.values(), index)
        if not receivers:
            return one
        because = (*finding.because, *receivers)
        return one.replaced(finding=finding.replaced(because=because))

    def _receivers(
        self, finding: Finding, builds: Collection[Build], index: int | None
    ) -> tuple[Related, ...]:
        """Return the services; ``index`` is that of the stage, if it is in one."""
        if all(self._count(build, index) <= len(builds) for build in builds):
            return ()
        name = finding.span.source.name
        if any(related.span.source.name != name for related in finding.because):
            return ()  # The finding names them already.
        services = (
            Related(owner.span, f"it is built so for {owner.title}", role="receiver")
            for build in builds
            for name in (build.builders if index is None else build.builders_of(index))
            if (owner := build.builders[name])
        )
        from tightship.frontends.dockerfile.build import MOST_BUILDERS

        return tuple(islice(services, MOST_BUILDERS))

    def _count(self, build: Build, index: int | None) -> int:
        """Return how many builds of a file make a stage."""
        if index is None:
            return len(build.variants)
        key = id(build.variants), index
        if key not in self._makers:
            makers = sum(bool(one.builders_of(index)) for one in build.variants)
            self._makers[key] = makers
        return self._makers[key]
