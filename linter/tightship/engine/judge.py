"""From the subjects of a project to its findings, each cause once."""

from __future__ import annotations

from tightship.engine.verdict import Judged, Subject
from tightship.findings import Fix, Gap, Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from tightship.dockerfile.build import Build
    from tightship.dockerfile.stage import Stage
    from tightship.engine.settings.policy import Policy
    from tightship.engine.settings.selection import Selection
    from tightship.engine.subjects.places import Places
    from tightship.findings import Finding
    from tightship.isolation.container import Container
    from tightship.rules.kit import Rule
    from tightship.text import Span


_MOST_BUILDERS = 20
_ABOUT_SECRETS = "secrets"


class Judgement:
    """What a bench says: findings, how many gaps there were, and where secrets are.

    ``secrets`` does not depend on what is selected.
    """

    __slots__ = ("findings", "gaps", "secrets")

    def __init__(
        self, findings: list[Judged], gaps: int, secrets: tuple[Span, ...]
    ) -> None:
        self.findings = findings
        self.gaps = gaps
        self.secrets = secrets


class Bench:
    """The rules of a run, found by the type of what they are about.

    ``names`` are those of the rules that are seated, and ``policy`` is what a
    configuration file says of them, if there is one. Rules about secrets that are not
    wanted are heard all the same, for what they know must not be shown.
    """

    __slots__ = (
        "_by_subject",
        "_discreet",
        "_heed",
        "_languages",
        "names",
        "policy",
        "selection",
    )

    def __init__(
        self,
        selection: Selection | Policy,
        rules: Iterable[Rule] | None = None,
        policy: Policy | None = None,
    ) -> None:
        """Seat those of the rules that the selection wants, or the policy.

        Without rules, those of a language come when it is met.

        Raises:
            UnknownWordError: if the selection names what is no rule, theme, set or id.

        """
        self.policy = policy
        self.selection = selection = policy or selection
        self._by_subject: dict[type[object], tuple[Rule, ...]] = {}
        self._discreet: dict[type[object], tuple[Rule, ...]] = {}
        self._languages: set[str] | None = None
        self._heed: Callable[[], None] | None = None
        self.names = set[str]()
        if rules is not None:
            self._seat(rules)
        elif selection.names_sets_only:
            self._languages = set()
            self.learn("any")
        else:
            from tightship.rules import every_rule

            self._select(every_rule())

    def learn(self, language: str) -> None:
        """Seat the rules of a language, unless all are there that were asked for."""
        if self._languages is None or language in self._languages:
            return
        from tightship.rules import rules_of

        self._languages.add(language)
        self._select(rules_of(language))

    def _select(self, rules: Sequence[Rule]) -> None:
        wanted = self.selection.rules(rules)
        self._seat(wanted)
        for rule in rules:
            if rule.theme == _ABOUT_SECRETS and rule not in wanted:
                _add(rule, self._discreet)

    def _seat(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self.names.add(rule.name)
            _add(rule, self._by_subject)

    def heeding(self, heed: Callable[[], None]) -> Bench:
        """Return the same bench, which calls something between its subjects.

        What that raises ends the judgement.
        """
        from copy import copy

        made = copy(self)  # which shares the rules
        made._heed = heed
        return made

    def judge(
        self, subjects: Iterable[object], places: Mapping[str, Places] | None = None
    ) -> Judgement:
        """Return the findings about subjects, and how many gaps were among these.

        Args:
            subjects: what to judge; what belongs to a container says so with an
                attribute of that name.
            places: what files are made of, by their name.

        """
        groups: dict[int, list[_Found]] = {}
        gaps = 0
        secrets: dict[Span, None] = {}
        if self._heed is not None:
            subjects = _each(subjects, self._heed)
        for subject in subjects:
            gaps += isinstance(subject, Gap)
            container: Container | None = getattr(subject, "container", None)
            group = groups.setdefault(id(container), [])
            for rule, finding in _ask(self._by_subject.get(type(subject), ()), subject):
                secrets |= dict.fromkeys(finding.secrets)
                if self.selection.wants(rule, finding):
                    group.append(_Found(rule, finding, container, subject))
            discreet = self._discreet.get(type(subject))
            for _, finding in _ask(discreet, subject) if discreet else ():
                secrets |= dict.fromkeys(finding.secrets)
        here: dict[tuple[str, Span], _Found] = {}
        for group in groups.values():
            for one in group:
                for name in one.rule.absorbs_here:
                    here.setdefault((name, one.finding.span), one)
        kept = [one for group in groups.values() for one in _absorb(group, here)]
        places = places or {}
        if self.policy is not None:
            for one in kept:
                one.excuse_by(self.policy, places)
        findings = _placed(_once(kept), places, self.policy)
        return Judgement(findings, gaps, tuple(secrets))


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
        return build if len(build.variants) > 1 else None

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


def _add(rule: Rule, rules: dict[type[object], tuple[Rule, ...]]) -> None:
    for subject in rule.on:
        rules[subject] = (*rules.get(subject, ()), rule)


def _ask(rules: tuple[Rule, ...], subject: object) -> Iterator[tuple[Rule, Finding]]:
    """Yield what rules find, each with its rule."""
    for rule in rules:
        for finding in rule.check(subject):
            yield rule, finding


def _each(subjects: Iterable[object], heed: Callable[[], None]) -> Iterator[object]:
    for subject in subjects:
        heed()
        yield subject


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
    if all(len(build.variants) <= len(builds) for build in builds):
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
