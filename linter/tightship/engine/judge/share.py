"""One finding for a value that several services share, with them as related places.

A value in an anchor that ten services use is one finding, where it is written. So is a
line of a Dockerfile that is built in several ways, if all builds have the same finding.
"""

from __future__ import annotations

from tightship.findings import Fix, Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tightship.dockerfile.build import Build
    from tightship.dockerfile.stage import Stage
    from tightship.engine.judge.absorb import Cause
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.text import Span

    Place = tuple[str, Span, str]

_MOST_BUILDERS = 20


def shared(causes: Sequence[Cause]) -> list[Cause]:
    """Return causes with one finding of a rule at each place."""
    groups: dict[tuple[str, str, int, int, bool], list[Cause]] = {}
    others: list[Cause] = []
    builds: dict[Place, dict[int, Build]] = {}
    for one in causes:
        finding, span = one.finding, one.finding.span
        build = _build(one)
        if build is not None:
            place = (one.rule.name, span, finding.message)
            builds.setdefault(place, {})[id(build)] = build
        key = one.rule.name, span.source.name, span.start, span.end, bool(one.accepted)
        group = groups.setdefault(key, [])
        first = group[0] if group else one
        if first is one:
            group.append(one)
        elif one.container is None and first.finding.message == finding.message:
            continue
        elif one.container is None or one.container is first.container:
            others.append(_with_service(one))
        else:
            group.append(one)
    merged = [*map(_merged, groups.values()), *others]
    return [_with_builders(one, builds) for one in merged] if builds else merged


def _build(one: Cause) -> Build | None:
    """Return the build that a finding is about, if its file has other builds too."""
    if one.container is not None:
        return None
    stage: Stage | None = getattr(one.subject, "stage", None)
    build: Build | None = getattr(stage or one.subject, "build", None)
    if build is None or build.source is not one.finding.span.source:
        return None
    return build if len(build.variants) > 1 else None


def _merged(group: list[Cause]) -> Cause:
    """Return one cause for those of several containers at one place."""
    first, *others = group
    first = _with_service(first)
    for one in others:
        assert one.container is not None
        because = (*first.finding.because, _receiver(one.container, " too"))
        name = one.container.name
        first = first.replaced(
            finding=_with_fix_of(first.finding, one.finding).replaced(because=because),
            absorbed=(*first.absorbed, *one.absorbed),
            services=tuple(dict.fromkeys((*first.services, name))),
        )
    return first


def _with_fix_of(one: Finding, other: Finding) -> Finding:
    """Return a finding whose fix is for both: each may need an edit of its own."""

    def both(fix: Fix) -> Fix | None:
        if other.fix is None:
            return None
        edits = tuple(dict.fromkeys((*fix.edits, *other.fix.edits)))
        return Fix(fix.title, edits, fix.applicability, fix.may_break)

    return one.replaced(convert_fix=both)


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


def _receiver(container: Container, too: str = "") -> Related:
    message = f"service `{container.name}` gets it{too}"
    return Related(container.span, message, role="receiver")


def _with_builders(one: Cause, builds: dict[Place, dict[int, Build]]) -> Cause:
    """Name the services of these builds, if other services build the file differently."""
    finding = one.finding
    place = (one.rule.name, finding.span, finding.message)
    stage = getattr(one.subject, "stage", one.subject)
    index: int | None = getattr(stage, "index", None)
    receivers = _builders(finding, builds.get(place, {}).values(), index)
    if not receivers:
        return one
    because = (*finding.because, *receivers)
    return one.replaced(finding=finding.replaced(because=because))


def _builders(
    finding: Finding, builds: Collection[Build], index: int | None
) -> tuple[Related, ...]:
    """Return the services of builds, of which ``index`` is the stage, if it is in one."""
    if all(len(_makers(build, index)) <= len(builds) for build in builds):
        return ()
    name = finding.span.source.name
    if any(related.span.source.name != name for related in finding.because):
        return ()  # The finding names them already.
    return tuple(
        Related(span, f"service `{service}` builds it so", role="receiver")
        for build in builds
        for service, span in build.builders.items()
        if index is None or service in build.builders_of(index)
    )[:_MOST_BUILDERS]


def _makers(build: Build, index: int | None) -> list[Build]:
    """Return the builds of a file that make a stage."""
    if index is None:
        return build.variants
    return [one for one in build.variants if one.builders_of(index)]
