"""Conditions of policies: tables of a policy file, compiled, and their verdict on facts."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.policies.operators import negated, prepared
from tightship.project_facts.values import Facts, Items, Scalar, Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.policies.operators import Holds, Operator
    from tightship.project_facts.values import Plain, Value
    from tightship.text import Span

MOST_PLACES = 50
"""The most places that a condition names, and things that an explanation shows."""

_OPEN = "known only at run time"


class Tested(Record):
    """What a test found, for those who ask why: ``told`` in words, with its verdict."""

    depth: int
    told: str
    holds: Holds
    span: Span


class Condition:
    """A condition on a value of one type; ``words`` are how the policy has it."""

    words = ""

    def holds(self, value: Value, root: Facts) -> Holds:
        """Return whether it holds for a value: none if only a run decides.

        ``root`` has the facts that operands may name.
        """
        raise NotImplementedError

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        """Yield the places that decide the verdict."""
        yield value.span

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        """Yield what each part of it found."""
        yield Tested(depth, f"{self.words}: {shown(value)}", self.holds(value, root), value.span)


class Operand(Record):
    """What a value is compared with: constants, or facts and texts with facts in them."""

    form: str
    kind: str
    written: tuple[Plain, ...] = ()
    of: Callable[[Facts], Sequence[Plain] | None] | None = None

    def find_constant(self) -> object:
        """Return the operands as the operator takes them, if no fact decides them."""
        return None if self.of is not None else prepared(self.form, self.kind, self.written)

    def find(self, root: Facts) -> object:
        """Return the operands as the operator takes them, or none."""
        found = self.written if self.of is None else self.of(root)
        return None if found is None else prepared(self.form, self.kind, found)


class Compare(Condition):
    """An operator on a single value."""

    def __init__(self, words: str, operator: Operator, operand: Operand, *, negate: bool) -> None:
        self.words = words
        self._operator = operator
        self._operand = operand
        self._negate = negate
        self._constant = operand.find_constant()

    def holds(self, value: Value, root: Facts) -> Holds:
        single = _presence(value) if isinstance(value, Facts) else value
        operand = self._constant if self._operand.of is None else self._operand.find(root)
        if operand is None:
            return None
        assert isinstance(single, Scalar)
        found = self._operator.holds(single, operand)
        return found if found is None or not self._negate else not found


def _presence(facts: Facts) -> Scalar:
    is_there = None if facts.source is None else True
    return Scalar(facts.span, is_there, known=facts.known)


class OfPart(Condition):
    """A condition on a part of a value."""

    def __init__(self, words: str, inner: Condition) -> None:
        self.words = words
        self._inner = inner

    def part(self, value: Value) -> Value:
        """Return the part of a value."""
        raise NotImplementedError

    def holds(self, value: Value, root: Facts) -> Holds:
        return self._inner.holds(self.part(value), root)

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        return self._inner.places(self.part(value), root)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        for one in self._inner.tests(self.part(value), root, depth):
            told = one.told if one.depth > depth else f"{self.words} {one.told}"
            yield one.replaced(told=told)


class OfFact(OfPart):
    """A condition on a fact of a thing."""

    def part(self, value: Value) -> Value:
        assert isinstance(value, Facts)
        return value.get(self.words)


class OfEntry(OfPart):
    """A condition on the value of an entry of a table."""

    def part(self, value: Value) -> Value:
        assert isinstance(value, Items)
        return value.named(self.words)


class Every(Condition):
    """Several conditions that all hold."""

    def __init__(self, parts: Sequence[Condition]) -> None:
        self.words = "all"
        self._parts = tuple(parts)

    def holds(self, value: Value, root: Facts) -> Holds:
        return _every(one.holds(value, root) for one in self._parts)

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        for one in self._parts:
            if one.holds(value, root) is not True:
                yield from one.places(value, root)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        for one in self._parts:
            yield from one.tests(value, root, depth)


def _every(verdicts: Iterable[Holds]) -> Holds:
    found: Holds = True
    for one in verdicts:
        if one is False:
            return False
        found = None if one is None else found
    return found


class Some(Condition):
    """Several conditions, of which at least one holds, or at most one."""

    def __init__(self, words: str, parts: Sequence[Condition]) -> None:
        self.words = words
        self._parts = tuple(parts)

    def holds(self, value: Value, root: Facts) -> Holds:
        if self.words == "any":
            return negated(_every(negated(one.holds(value, root)) for one in self._parts))
        told = [one.holds(value, root) for one in self._parts]
        if told.count(True) > 1:
            return False
        return None if told.count(True) + told.count(None) > 1 else True

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        wanted = (False, None) if self.words == "any" else (True, None)
        for one in self._parts:
            if one.holds(value, root) in wanted:
                yield from one.places(value, root)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        yield Tested(depth, self.words.replace("-", " "), self.holds(value, root), value.span)
        for one in self._parts:
            yield from one.tests(value, root, depth + 1)


class Not(Condition):
    """The opposite of a condition."""

    def __init__(self, inner: Condition) -> None:
        self.words = "not"
        self._inner = inner

    def holds(self, value: Value, root: Facts) -> Holds:
        return negated(self._inner.holds(value, root))

    def places(self, value: Value, root: Facts) -> Iterator[Span]:
        return self._inner.places(value, root)

    def tests(self, value: Value, root: Facts, depth: int = 0) -> Iterator[Tested]:
        yield Tested(depth, "not", self.holds(value, root), value.span)
        yield from self._inner.tests(value, root, depth + 1)


def shown(value: Value) -> str:
    """Return a fact in words, for messages and explanations."""
    if isinstance(value, Scalar):
        return _shown_scalar(value)
    if isinstance(value, Texts):
        more = "" if value.possibly == value.surely else ", and perhaps others"
        return (", ".join(sorted(value.surely)) or "none") + more
    if isinstance(value, Items):
        most = "" if value.known else "at most " if value.whole else ""
        return f"{most}{len(value.items)}{'' if value.whole else ' or more'}"
    return "absent" if value.source is None else "there"


def _shown_scalar(value: Scalar) -> str:
    found = value.value
    if value.known:
        if isinstance(found, bool):
            return "yes" if found else "no"
        if found is None:
            return "absent"
        return f"{found:g}" if isinstance(found, float) else str(found)
    if value.lowest is not None and value.highest is not None:
        return f"{value.lowest:g} to {value.highest:g}"
    return f"{value.beginning}… (the rest only at run time)" if value.beginning else _OPEN
