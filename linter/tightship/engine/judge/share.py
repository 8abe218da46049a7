"""One finding for a value that several services share, with them as related places.

A value in an anchor that ten services use is one finding, where it is written. So is a
line of a Dockerfile that is built in several ways, if all builds have the same finding.
"""

from __future__ import annotations

from itertools import islice

from tightship.engine.judge.absorb import build_of
from tightship.findings import Fix, Related
from tightship.isolation.buildable import Buildable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tightship.engine.judge.absorb import Cause
    from tightship.findings import Finding
    from tightship.frontends.dockerfile.build import Build
    from tightship.text import Span

    Place = tuple[str, Span, str]


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
