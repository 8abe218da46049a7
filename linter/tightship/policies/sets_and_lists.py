"""Conditions on sets, lists and tables: what they hold, how many, and each of their things."""

from __future__ import annotations

from tightship.policies.conditions import MOST_PLACES, Condition, OfPart, Tested
from tightship.policies.operators import both, negated
from tightship.project_facts.values import Facts, Items, Scalar, Texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.policies.operators import Holds
    from tightship.project_facts.values import Value
    from tightship.text import Span


class SetCompare(Condition):
    """An operator on a set of texts."""

    def __init__(self, words: str, operator: str, wanted: Iterable[str]) -> None:
        self.words = words
        self._wanted = frozenset(wanted)
        self._holds = SETS[operator][0]
        self._is_limit = operator in ("subset-of", "equals")

    def holds(self, value: Value, root: Facts) -> Holds:
        assert isinstance(value, Texts)
        return self._holds(value, self._wanted)

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        """Yield the places of the texts that are too many, or that of the set."""
        assert isinstance(value, Texts)
        written = value.places or {}
        found = [place for name, place in written.items() if name not in self._wanted]
        yield from found if self._is_limit and found else [value.span]


def _subset(found: Texts, wanted: frozenset[str]) -> Holds:
    if not found.surely <= wanted:
        return False
    return True if found.possibly is not None and found.possibly <= wanted else None


def _superset(found: Texts, wanted: frozenset[str]) -> Holds:
    if wanted <= found.surely:
        return True
    return False if found.possibly is not None and not wanted <= found.possibly else None


def _has_any(found: Texts, wanted: frozenset[str]) -> Holds:
    if found.surely & wanted:
        return True
    return False if found.possibly is not None and not found.possibly & wanted else None


SETS: dict[str, tuple[Callable[[Texts, frozenset[str]], Holds], str]] = {
    "has": (_superset, "has this text, or all of these"),
    "has-any": (_has_any, "has at least one of these texts"),
    "has-none": (lambda found, wanted: negated(_has_any(found, wanted)), "has none of these texts"),
    "subset-of": (_subset, "has none but these texts"),
    "superset-of": (_superset, "has all of these texts"),
    "equals": (
        lambda found, wanted: both(_subset(found, wanted), _superset(found, wanted)),
        "has these texts and no others",
    ),
}
"""The operators on sets, with their meaning."""


class Keys(OfPart):
    """A condition on the set of the names in a table."""

    def __init__(self, inner: Condition) -> None:
        super().__init__("keys", inner)

    def part(self, value: Value) -> Texts:
        assert isinstance(value, Items)
        names = [one.get("name") for one in value.items]
        known = frozenset(str(n.value) for n in names if isinstance(n, Scalar) and n.known)
        return Texts(value.span, known, known if value.whole else None)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        yield from self._inner.tests(self.part(value), root, depth)


class Number(OfPart):
    """A condition on how many there are in a list, a table or a set, or on their sum."""

    def __init__(self, words: str, inner: Condition, count: Callable[[Value], Scalar]) -> None:
        super().__init__(words, inner)
        self._count = count

    def part(self, value: Value) -> Scalar:
        return self._count(value)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        for one in self._inner.tests(self.part(value), root, depth):
            yield one.replaced(told=f"{self.words} {one.told}")


def count(value: Value) -> Scalar:
    """Return the size of a list, a table or a set."""
    if isinstance(value, Texts):
        low, possibly = len(value.surely), value.possibly
        high = float("inf") if possibly is None else len(possibly)
    else:
        assert isinstance(value, Items)
        low = sum(one.is_sure for one in value.items)
        high = len(value.items) if value.whole else float("inf")
    if low == high:
        return Scalar(value.span, low)
    return Scalar(value.span, None, known=False, lowest=low, highest=high)


def sum_of(name: str) -> Callable[[Value], Scalar]:
    """Return what adds a fact of each thing in a list; one that is absent has no limit.

    A service counts once for each of its containers.
    """

    def add(value: Value) -> Scalar:
        assert isinstance(value, Items)
        amounts = [_amount(one, name) for one in value.items if one.is_sure]
        total = sum(one for one in amounts if one is not None)
        if value.known and None not in amounts:
            return Scalar(value.span, total)
        return Scalar(value.span, None, known=False, lowest=total, highest=float("inf"))

    return add


def _amount(one: Value, name: str) -> float | None:
    assert isinstance(one, Facts)
    found = _number(one, name)
    if found is None or name == "replicas" or "replicas" not in one.group.facts:
        return found
    times = _number(one, "replicas")
    return None if times is None else found * times


def _number(one: Facts, name: str) -> float | None:
    found = one.get(name)
    known = found.value if isinstance(found, Scalar) else None
    is_number = isinstance(known, (int, float)) and not isinstance(known, bool)
    return float(known) if is_number and known is not None else None


class Each(Condition):
    """A condition on the things in a list: on every one, on some, or on none."""

    def __init__(self, quantifier: str, inner: Condition) -> None:
        self.words = quantifier
        self._inner = inner
        self._ends_with = quantifier != "every"
        self._is_no = quantifier == "no"

    def holds(self, value: Value, root: Facts) -> Holds:
        items, whole = _things(value)
        found: Holds = (not self._ends_with) if whole else None
        for one in items:
            told = self._inner.holds(one, root)
            if told is self._ends_with and (not isinstance(one, Facts) or one.is_sure):
                found = told
                break
            if told is None or told is self._ends_with:
                found = None
        return negated(found) if self._is_no else found

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        """Yield the places of the things that decide, or that of the list."""
        items, _ = _things(value)
        wanted = {self._ends_with, None}
        found = [one for one in items if self._inner.holds(one, root) in wanted]
        for one in found[:MOST_PLACES]:
            yield one.span
        if not found:
            yield value.span

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        items, whole = _things(value)
        more = "" if whole else " and more that only a run knows"
        told = f"{self.words} of {len(items)}{more}"
        yield Tested(depth, told, self.holds(value, root), value.span)
        for one in items[:MOST_PLACES]:
            yield from self._inner.tests(one, root, depth + 1)


def _things(value: Value) -> tuple[Sequence[Value], bool]:
    if isinstance(value, Texts):
        every = [Scalar(value.span, one) for one in sorted(value.surely)]
        return every, value.possibly == value.surely
    assert isinstance(value, Items)
    return value.items, value.whole
