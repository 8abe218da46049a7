"""From the subjects of a project to its findings, each cause once."""

from __future__ import annotations

from tightship.engine.verdict import Judged, Subject
from tightship.findings import Gap, Related
from tightship.isolation import Container
from tightship.syntax.yaml import path_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.selection import Selection
    from tightship.findings import Finding
    from tightship.rules.kit import Rule
    from tightship.syntax.yaml import Node


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
        self, subjects: Iterable[object], root: Node | None = None
    ) -> tuple[list[Judged], int]:
        """Return the findings about subjects, and how many gaps were among these.

        Args:
            subjects: what to judge; what belongs to a container says so with an
                attribute of that name.
            root: the tree in which findings are placed, if there is one.

        """
        found: dict[tuple[object, ...], _Found] = {}
        gaps = 0
        for subject in subjects:
            gaps += isinstance(subject, Gap)
            container = _container(subject)
            for rule in self._by_subject.get(type(subject), ()):
                for finding in rule.check(subject):
                    if self.selection.wants(rule, finding):
                        _add(found, _Found(rule, finding, container))
        kept = _absorb(list(found.values()))
        return _placed(kept, root), gaps


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


def _add(found: dict[tuple[object, ...], _Found], new: _Found) -> None:
    """Add a finding; the same one of another container becomes a related place.

    That is how a value in an anchor, which several services use, is reported once,
    where it is written.
    """
    key = new.rule.name, new.finding.span
    first = found.setdefault(key, new)
    if first is new:
        return
    if first.container is new.container or new.container is None:
        found[(*key, len(found))] = new
        return
    first.finding.because += (
        Related(new.container.span, f"service `{new.container.name}` gets it too"),
    )


def _absorb(found: list[_Found]) -> list[_Found]:
    """Put what another finding speaks for inside that finding."""
    absorber = dict[int, _Found]()
    for one in found:
        if not (one.rule.absorbs or one.rule.absorbs_here):
            continue
        for other in found:
            if (
                other is not one
                and other.container is one.container
                and id(other) not in absorber
                and (
                    other.rule.name in one.rule.absorbs
                    or (
                        other.rule.name in one.rule.absorbs_here
                        and other.finding.span == one.finding.span
                    )
                )
            ):
                absorber[id(other)] = one
    kept = list[_Found]()
    for one in found:
        last = absorber.get(id(one))
        while last is not None and id(last) in absorber:
            last = absorber[id(last)]
        (kept if last is None else last.absorbed).append(one)
    return kept


def _placed(found: list[_Found], root: Node | None) -> list[Judged]:
    """Give each finding its grade, subject and key path, in the order of the text."""
    equals = dict[tuple[str, ...], int]()

    def judged(one: _Found) -> Judged:
        span = one.finding.span
        path = path_at(root, span.start) if root is not None else ()
        subject = _subject(one, path)
        same = (one.rule.name, subject.name, *path)
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
