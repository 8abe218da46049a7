"""Which findings after a change were there before it.

A finding is what is wrong, and where it acts: the service or the stage, as it is called on
each side, and the key. It stays itself where it is written in another way: in an anchor, in
a list, in a file that is extended, at a stage that has got a name or another tag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from tightship.engine.verdict import JudgedFinding
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class Names(Record):
    """The names that services and stages have after a change, by those before it."""

    services: Mapping[str, str]
    stages: Mapping[str, str]

    def translated(self, one: JudgedFinding) -> JudgedFinding:
        """Return a finding before the change with the names that are used after it."""
        subject, path, message = one.subject, one.key_path, one.finding.message
        at, names = (1, self.services) if path[:1] == ("services",) else (0, self.stages)
        if len(path) > at:
            path = (*path[:at], names.get(path[at], path[at]), *path[at + 1 :])
        for old, new in (*self.services.items(), *self.stages.items()):
            message = message.replace(f"`{old}`", f"`{new}`")
        if subject.kind == "service":
            subject = subject.replaced(name=self.services.get(subject.name, subject.name))
        return one.replaced(
            finding=one.finding.replaced(message=message),
            subject=subject,
            key_path=path,
            services=tuple(self.services.get(it, it) for it in one.services),
        )


def renamed_stages(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Return the new names of stages: those in the same order whose name only one side has."""
    gone = [one for one in before if one not in after]
    new = [one for one in after if one not in before]
    return dict(zip(gone, new, strict=True)) if len(gone) == len(new) else {}


def place_of(one: JudgedFinding) -> tuple[Hashable, ...]:
    """Return what tells a finding from all others on its side."""
    span = one.span
    place = span.source.name, one.rule.name, span.start, span.end
    return *place, one.finding.message, one.severity, one.services


def parts(judged: JudgedFinding) -> Iterator[JudgedFinding]:
    """Yield a finding, and those that it makes irrelevant: they were there, too."""
    yield judged
    for one in judged.absorbed:
        yield from parts(one)


def matched(
    found: Sequence[JudgedFinding],
    before: Iterable[JudgedFinding],
    *,
    covers: Callable[[JudgedFinding, JudgedFinding], bool] = JudgedFinding.covers,
    everywhere: bool = True,
) -> set[int]:
    """Return the ids of the findings that were there before a change.

    Each finding before the change stands for one after it: with the same message if
    there is one, else at the same place, else, if ``everywhere``, for the same service in
    another file. What several services share may stand for one of each, and the other way
    round. ``covers`` returns whether the first of two stands for the second; by default, one
    that is more severe now is new, and so is one of more services.
    """
    left, known = list(before), set[int]()
    atoms = Counter[Hashable](atom for one in left if everywhere for atom in _atoms(one))
    for key_of in (_equal, _same_place, *((_same_subject,) if everywhere else ())):
        earlier: dict[Hashable, list[JudgedFinding]] = {}
        for one in left:
            earlier.setdefault(key_of(one), []).append(one)
        taken = set[int]()
        for one in found:
            if id(one) in known:
                continue
            same = earlier.get(key_of(one), [])
            old = next((old for old in same if covers(old, one)), None)
            if old is not None:
                same.remove(old)
                taken.add(id(old))
                known.add(id(one))
                atoms.subtract(_atoms(old.replaced(services=one.services)))
        left = [one for one in left if id(one) not in taken]
    for one in found:
        own = [*_atoms(one)]
        if own and id(one) not in known and all(atoms[atom] > 0 for atom in own):
            known.add(id(one))
            atoms.subtract(own)
    return known


def _equal(one: JudgedFinding) -> Hashable:
    return one.group_hash, one.finding.message


def _same_place(one: JudgedFinding) -> Hashable:
    return one.group_hash


def _same_subject(one: JudgedFinding) -> Hashable:
    subject = one.subject
    name = subject.name if subject.kind == "service" else ""
    return one.rule.name, subject.kind, name, one.key_path


def _atoms(one: JudgedFinding) -> Iterator[tuple[Hashable, ...]]:
    """Yield what is wrong with each service that a finding is about."""
    key = one.key_path[-1:]
    for name in one.services:
        yield one.rule.name, one.severity, name, key
