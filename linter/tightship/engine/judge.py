"""From the subjects of a project to its findings, each cause once."""

from __future__ import annotations

from tightship.engine.verdict import Judged, Subject
from tightship.findings import Gap, Related
from tightship.isolation import Container
from tightship.syntax.yaml import path_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.selection import Selection
    from tightship.findings import Finding
    from tightship.rules.kit import Rule
    from tightship.syntax.yaml import Node
    from tightship.text import Span

    Roots = Mapping[str, Sequence[Node]]


class Bench:
    """The rules of a run, found by the type of what they are about."""

    __slots__ = ("_by_subject", "selection")

    def __init__(self, selection: Selection, rules: Iterable[Rule]) -> None:
        """Seat those of the rules that the selection wants."""
        self.selection = selection
        self._by_subject: dict[type[object], list[Rule]] = {}
        for rule in rules:
            self._by_subject.setdefault(rule.on, []).append(rule)

    def judge(
        self, subjects: Iterable[object], roots: Roots | None = None
    ) -> tuple[list[Judged], int]:
        """Return the findings about subjects, and how many gaps were among these.

        Args:
            subjects: what to judge; what belongs to a container says so with an
                attribute of that name.
            roots: the trees in which findings are placed, by the name of their file.

        """
        groups: dict[int, list[_Found]] = {}
        gaps = 0
        for subject in subjects:
            gaps += isinstance(subject, Gap)
            container = _container(subject)
            group = groups.setdefault(id(container), [])
            for rule in self._by_subject.get(type(subject), ()):
                for finding in rule.check(subject):
                    if self.selection.wants(rule, finding):
                        group.append(_Found(rule, finding, container))
        here: dict[tuple[str, Span], _Found] = {}
        for group in groups.values():
            for one in group:
                for name in one.rule.absorbs_here:
                    here.setdefault((name, one.finding.span), one)
        kept = [one for group in groups.values() for one in _absorb(group, here)]
        return _placed(_once(kept), roots or {}), gaps


class _Found:
    __slots__ = ("absorbed", "container", "finding", "rule")

    def __init__(
        self, rule: Rule, finding: Finding, container: Container | None
    ) -> None:
        self.rule = rule
        self.finding = finding
        self.container = container
        self.absorbed: list[_Found] = []


def _container(subject: object) -> Container | None:
    if isinstance(subject, Container):
        return subject
    found = getattr(subject, "container", None)
    return found if isinstance(found, Container) else None


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
    where it is written.
    """
    kept: dict[tuple[str, Span], _Found] = {}
    others: list[_Found] = []
    for one in found:
        first = kept.setdefault((one.rule.name, one.finding.span), one)
        if first is one:
            continue
        if first.container is one.container or one.container is None:
            others.append(one)
            continue
        name = one.container.name
        related = Related(one.container.span, f"service `{name}` gets it too")
        first.finding.because += (related,)
        first.absorbed += one.absorbed
    return [*kept.values(), *others]


def _placed(found: list[_Found], roots: Roots) -> list[Judged]:
    """Give each finding its grade, subject and key path, in the order of the text."""
    equals: dict[tuple[str, ...], int] = {}

    def judged(one: _Found) -> Judged:
        span = one.finding.span
        path = _path(roots.get(span.source.name, ()), span.start)
        subject = _subject(one, path)
        same = (one.rule.name, span.source.name, subject.name, *path)
        ordinal = equals.get(same, 0)
        equals[same] = ordinal + 1
        return Judged(
            one.rule,
            one.finding,
            one.finding.severity or one.rule.severity,
            subject,
            key_path=path,
            ordinal=ordinal,
            absorbed=tuple(judged(other) for other in one.absorbed),
        )

    found.sort(key=lambda one: (one.finding.span.order, -one.rule.severity))
    return [judged(one) for one in found]


def _path(documents: Sequence[Node], offset: int) -> tuple[str, ...]:
    """Return the keys that lead to an offset in one of a file's documents."""
    for document in reversed(documents):
        if document.span.start <= offset:
            return path_at(document, offset)
    return ()


def _subject(one: _Found, path: tuple[str, ...]) -> Subject:
    if one.container is not None:
        return Subject("service", one.container.name, one.container.span)
    if len(path) > 1 and path[0] == "services":
        return Subject("service", path[1])
    return Subject("file", one.finding.span.source.name)


def walk(containers: Iterable[Container]) -> Iterator[object]:
    """Yield each container, and all of it that a rule may be about."""
    for container in containers:
        yield container
        yield from container.mounts
        yield from container.devices
        yield from container.device_rules
        yield from container.grants
        yield from container.ports
