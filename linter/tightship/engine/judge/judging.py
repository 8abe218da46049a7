"""From the subjects of a project to its findings, each cause once."""

from __future__ import annotations

from tightship.engine.verdict import Judged, Subject
from tightship.findings import Fix, Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Mapping,
    )

    from tightship.dockerfile.build import Build
    from tightship.dockerfile.stage import Stage
    from tightship.engine.judge.places import Places
    from tightship.engine.judge.runner import RuleRunner
    from tightship.engine.settings.policy import Policy
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.rules.kit import Rule
    from tightship.text import Span


_MOST_BUILDERS = 20


class Judgement:
    """What a runner says: findings, how many gaps there were, and where secrets are.

    ``secrets`` does not depend on what is selected.
    """

    __slots__ = ("findings", "gaps", "secrets")

    def __init__(
        self, findings: list[Judged], gaps: int, secrets: tuple[Span, ...]
    ) -> None:
        self.findings = findings
        self.gaps = gaps
        self.secrets = secrets


def judge(
    runner: RuleRunner,
    subjects: Iterable[object],
    places: Mapping[str, Places] | None = None,
    check_cancelled: Callable[[], None] | None = None,
) -> Judgement:
    """Return the findings about subjects, and how many gaps were among these.

    Args:
        runner: runs the rules.
        subjects: what to judge; what belongs to a container says so with an
            attribute of that name.
        places: what files are made of, by their name.
        check_cancelled: is called between subjects, and may end it by raising.

    """
    results = runner.run(subjects, check_cancelled)
    groups = [
        [_Found(one.rule, one.finding, one.container, one.subject) for one in group]
        for group in results.groups
    ]
    here: dict[tuple[str, Span], _Found] = {}
    for group in groups:
        for one in group:
            for name in one.rule.absorbs_here:
                here.setdefault((name, one.finding.span), one)
    kept = [one for group in groups for one in _absorb(group, here)]
    places = places or {}
    if runner.policy is not None:
        for one in kept:
            one.excuse_by(runner.policy, places)
    findings = _placed(_once(kept), places, runner.policy)
    return Judgement(findings, results.gaps, results.secrets)


class _Found:
    __slots__ = (
        "about",
        "absorbed",
        "container",
        "excuse",
        "finding",
        "rule",
        "services",
    )

    def __init__(
        self, rule: Rule, finding: Finding, container: Container | None, about: object
    ) -> None:
        self.rule = rule
        self.finding = finding
        self.container = container
        self.about = about
        self.absorbed: list[_Found] = []
        self.excuse = ""
        self.services: tuple[str, ...] = (container.name,) if container else ()

    @property
    def containers(self) -> tuple[Container, ...]:
        """Return the containers that it is about, as far as they are known."""
        if self.container is not None:
            return (self.container,)
        several: tuple[Container, ...] = getattr(self.about, "containers", ())
        return several

    @property
    def build(self) -> Build | None:
        """Return the build that it is about, where its file is built otherwise too."""
        if self.container is not None:
            return None
        stage: Stage | None = getattr(self.about, "stage", None)
        build: Build | None = getattr(stage or self.about, "build", None)
        if build is None or build.source is not self.finding.span.source:
            return None
        return build if len(build.ways) > 1 else None

    def excuse_by(self, policy: Policy, places: Mapping[str, Places]) -> None:
        """Note why the configuration accepts it, and what it has absorbed, if it does."""
        file = places.get(self.finding.span.source.name)
        self.excuse = policy.excuse(self.rule, self.finding, _subject(self, file))

    def tell_service(self) -> None:
        """Tell of the service, if that is in a file which nothing else points into."""
        if self.container is None:
            return
        home = self.container.span.source.name
        places = self.finding.span, *(one.span for one in self.finding.because)
        if all(place.source.name != home for place in places):
            self.finding.because += (_received(self.container),)


def _absorb(group: list[_Found], here: dict[tuple[str, Span], _Found]) -> list[_Found]:
    """Put what another finding speaks for inside that one.

    That one is on the same container; or ``here``, at the very same place, and then
    it may be about the file.
    """
    everywhere: dict[str, _Found] = {}
    for one in group:
        for name in one.rule.absorbs:
            everywhere.setdefault(name, one)
    if not everywhere and not here:
        return group

    def absorber(one: _Found) -> _Found | None:
        name = one.rule.name
        found = everywhere.get(name) or here.get((name, one.finding.span))
        return None if found is one else found

    kept: list[_Found] = []
    for one in group:
        last, seen = absorber(one), {id(one)}
        while last is not None and id(last) not in seen:
            seen.add(id(last))
            above = absorber(last)
            if above is None:
                break
            last = above
        (kept if last is None else last.absorbed).append(one)
    return kept


def _once(found: list[_Found]) -> list[_Found]:
    """Report what several containers share once, with them as related places.

    That is how a value in an anchor, which several services use, is one finding,
    where it is written. A Dockerfile that is built in several ways may be found to say
    the same each time.
    """
    kept: dict[tuple[str, str, int, int, bool], _Found] = {}
    builds: dict[tuple[str, Span, str], dict[int, Build]] = {}
    others: list[_Found] = []
    for one in found:
        build = one.build
        if build is not None:
            place = (one.rule.name, one.finding.span, one.finding.message)
            builds.setdefault(place, {})[id(build)] = build
        name, span = one.rule.name, one.finding.span
        key = name, span.source.name, span.start, span.end, bool(one.excuse)
        first = kept.setdefault(key, one)
        if first is one:
            one.tell_service()
            continue
        if one.container is None and first.finding.message == one.finding.message:
            continue
        if first.container is one.container or one.container is None:
            one.tell_service()
            others.append(one)
            continue
        first.finding.because += (_received(one.container, " too"),)
        first.finding.fix = _both(first.finding.fix, one.finding.fix)
        first.absorbed += one.absorbed
        if one.container.name not in first.services:
            first.services += (one.container.name,)
    found = [*kept.values(), *others]
    for one in found if builds else ():
        place = (one.rule.name, one.finding.span, one.finding.message)
        one.finding.because += _only_for(one.finding, builds.get(place, {}).values())
    return found


def _received(container: Container, too: str = "") -> Related:
    message = f"service `{container.name}` gets it{too}"
    return Related(container.span, message, role="receiver")


def _only_for(finding: Finding, builds: Collection[Build]) -> tuple[Related, ...]:
    """Return the services that something is true of, where others build the file too."""
    if all(len(build.ways) <= len(builds) for build in builds):
        return ()
    name = finding.span.source.name
    if any(related.span.source.name != name for related in finding.because):
        return ()  # It has told of them.
    return tuple(
        Related(span, f"service `{service}` builds it so", role="receiver")
        for build in builds
        for service, span in build.builders.items()
    )[:_MOST_BUILDERS]


def _both(one: Fix | None, other: Fix | None) -> Fix | None:
    """Return a fix for all who share a value: each may have to be mended by itself."""
    if one is None or other is None:
        return None
    edits = tuple(dict.fromkeys((*one.edits, *other.edits)))
    return Fix(one.title, edits, one.applicability, one.may_break)


def _placed(
    found: list[_Found], places: Mapping[str, Places], policy: Policy | None
) -> list[Judged]:
    """Give each finding its grade, subject and key path, in the order of the text."""
    equals: dict[tuple[str, ...], int] = {}

    def judged(one: _Found) -> Judged:
        span = one.finding.span
        file = places.get(span.source.name)
        path = file.path(span.start) if file is not None else ()
        subject = _subject(one, file)
        own = (subject.name,) if subject.kind == "service" else ()
        same = (one.rule.name, span.source.name, subject.name, *path)
        ordinal = equals.get(same, 0)
        equals[same] = ordinal + 1
        grade = one.finding.severity or one.rule.severity
        if policy is not None:
            grade = policy.grade(one.rule, one.finding, grade, subject, one.containers)
        return Judged(
            one.rule,
            one.finding,
            grade,
            subject,
            key_path=path,
            ordinal=ordinal,
            absorbed=tuple(judged(other) for other in one.absorbed),
            excuse=one.excuse,
            services=tuple(dict.fromkeys((*own, *one.services))),
        )

    found.sort(key=lambda one: (one.finding.span.order, -one.rule.severity))
    return [judged(one) for one in found]


def _subject(one: _Found, file: Places | None) -> Subject:
    if one.container is not None:
        return Subject("service", one.container.name, one.container.span)
    span = one.finding.span
    subject = file.subject(span.start) if file is not None else None
    return subject or Subject("file", span.source.name)
