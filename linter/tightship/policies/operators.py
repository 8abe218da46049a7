"""The operators on single values: each is total, and says unknown for what it cannot tell."""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record
from tightship.policies.globs import CharacterSet, compiled
from tightship.values.quantity import parse_bytes, parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeAlias

    from tightship.project_facts.values import Plain, Scalar

    # True, false, or none for what only a run decides.
    Holds: TypeAlias = bool | None

NUMBERS = ("number", "size", "duration")
_TEXTS = ("text", "path")
_EVERY = (*_TEXTS, *NUMBERS, "flag")
_LONGEST_NUMBER = 64


class Operator(Record):
    """An operator on a value of some types.

    ``operand`` names the form of what is written: ``value``, ``values``, ``pattern``,
    ``path``, ``number``, ``pair``, ``flag`` or ``characters``. ``holds`` takes the fact,
    and the operands as :func:`prepared` returns them.
    """

    types: tuple[str, ...]
    operand: str
    doc: str
    holds: Callable[[Scalar, Any], Holds]


def number_of(value: Plain, kind: str) -> float | None:
    """Return a value as a number: `512m` as bytes and `1m30s` as seconds, by its type.

    A text counts as a number, else as a size, else as a duration.
    """
    if isinstance(value, bool):
        return None
    if not isinstance(value, str):
        return float(value)
    if kind in ("number", "text") and value.isascii() and len(value) < _LONGEST_NUMBER:
        try:
            return float(value)
        except ValueError:
            pass
    if kind in ("size", "text") and (size := parse_bytes(value)) is not None:
        return float(size)
    return parse_duration(value) if kind in ("duration", "text") else None


def prepared(form: str, kind: str, written: Sequence[Plain]) -> object:
    """Return operands in the form that an operator takes; none if one has no meaning.

    Args:
        form: that of the operator.
        kind: the type of the fact.
        written: the operands, of which most operators take one.

    """
    if form in ("number", "pair"):
        limits = [one for one in (number_of(one, kind) for one in written) if one is not None]
        is_wrong = len(limits) < len(written) or (form == "pair" and limits != sorted(limits))
        return None if is_wrong else (kind, *limits)
    if form == "pattern":
        return [compiled(str(one)) for one in written]
    if form == "path":
        return [posixpath.normpath(str(one)) for one in written]
    if form == "characters":
        return CharacterSet(str(written[0]))
    if form == "flag":
        return written[0]
    if kind in NUMBERS:
        numbers = [number_of(one, kind) for one in written]
        return None if None in numbers else numbers
    return list(written)


def _exists(found: Scalar, wanted: bool) -> Holds:
    if found.known:
        return (found.value is not None) is wanted
    return wanted if found.beginning or found.highest is not None else None


def _in(found: Scalar, values: Sequence[Plain]) -> Holds:
    if found.known:
        return found.value is not None and _equals_any(found.value, values)
    if found.lowest is not None and found.highest is not None:
        inside = [v for v in values if found.lowest <= float(v) <= found.highest]
        return None if inside else False
    texts = [one for one in values if isinstance(one, str)]
    if len(texts) == len(values) and not any(one.startswith(found.beginning) for one in texts):
        return False
    return None


def _equals_any(value: Plain, values: Sequence[Plain]) -> bool:
    # `True == 1` in Python, and nowhere in a policy.
    return value in values and any(
        value == one and isinstance(value, bool) is isinstance(one, bool) for one in values
    )


def _like(found: Scalar, patterns: Sequence[Any]) -> Holds:
    if found.known:
        return found.value is not None and any(one.matches(str(found.value)) for one in patterns)
    told = [one.matches_all(found.beginning) for one in patterns]
    return True if True in told else None if None in told else False


def on_path(operator: Operator) -> Operator:
    """Return an operator for paths: what follows a beginning may lead elsewhere by `..`."""
    if operator.operand == "flag":
        return operator

    def holds(found: Scalar, operand: Any) -> Holds:
        return operator.holds(found.replaced(beginning="") if found.beginning else found, operand)

    return operator.replaced(holds=holds)


def _characters(found: Scalar, allowed: CharacterSet) -> Holds:
    if found.known:
        return found.value is not None and allowed.holds(str(found.value))
    return None if allowed.holds(found.beginning) else False


def _compared(holds: Callable[[float, float], bool]) -> Callable[[Scalar, Any], Holds]:
    """Return what compares a number with a limit; a range does if all of it does."""

    def compare(found: Scalar, operand: tuple[str, float]) -> Holds:
        kind, limit = operand
        if found.known:
            value = None if found.value is None else number_of(found.value, kind)
            return value is not None and holds(value, limit)
        if found.lowest is None or found.highest is None:
            return None
        told = {holds(found.lowest, limit), holds(found.highest, limit)}
        return told.pop() if len(told) == 1 else None

    return compare


_at_least = _compared(lambda value, limit: value >= limit)
_at_most = _compared(lambda value, limit: value <= limit)


def _between(found: Scalar, operand: tuple[str, float, float]) -> Holds:
    kind, low, high = operand
    return both(_at_least(found, (kind, low)), _at_most(found, (kind, high)))


def _placed(relation: Callable[[str, str], Holds]) -> Callable[[Scalar, Any], Holds]:
    """Return what asks for the relation of a path to some folders."""

    def placed(found: Scalar, folders: Sequence[str]) -> Holds:
        if not found.known:
            return None
        if found.value is None:
            return False
        path, is_open = str(found.value), False
        for folder in folders:
            holds = relation(path, folder)
            if holds:
                return True
            is_open = is_open or holds is None
        return None if is_open else False

    return placed


def _below(path: str, folder: str) -> Holds:
    """Return whether a path is a folder or below it; one that climbs may be anywhere."""
    if path.startswith("../") or path == "..":
        return None
    if path.startswith("~") and not folder.startswith("~"):
        return None if _is_above_homes(folder) else False
    own, of = _plain(path), _plain(folder)
    return own == of or own.startswith(of.rstrip("/") + "/")


def _overlap(path: str, folder: str) -> Holds:
    below = _below(path, folder)
    if below is not False or path.startswith("~") is not folder.startswith("~"):
        return below
    return _below(folder, path)


def _plain(path: str) -> str:
    """Return a path of the project as `./…`, and any other one as it is."""
    if path.startswith(("/", "~", "./")) or path[1:2] == ":":
        return path
    return "." if path == "." else f"./{path}"


def _is_above_homes(folder: str) -> bool:
    homes = ("/home", "/root", "/Users")
    return any(f"{home}/".startswith(folder.rstrip("/") + "/") for home in homes) or (
        folder.startswith(tuple(f"{home}/" for home in homes))
    )


def both(one: Holds, other: Holds) -> Holds:
    """Return whether two things hold, in Kleene's logic."""
    if one is False or other is False:
        return False
    return True if one and other else None


def negated(one: Holds) -> Holds:
    """Return whether a thing does not hold."""
    return None if one is None else not one


OPERATORS: dict[str, Operator] = {
    "exists": Operator(_EVERY, "flag", "whether there is a value", _exists),
    "settled": Operator(
        _EVERY,
        "flag",
        "whether no variable decides it, not even one with a default",
        lambda found, wanted: found.known is wanted,
    ),
    "equals": Operator(_EVERY, "value", "is this value; `fact = value` is the short form", _in),
    "in": Operator((*_TEXTS, *NUMBERS), "values", "is one of these values", _in),
    "like": Operator(
        _TEXTS, "pattern", "matches one of these patterns, with `*`, `?` and `[a-z]`", _like
    ),
    "characters": Operator(
        _TEXTS, "characters", "consists of these characters, such as `a-z0-9_-`", _characters
    ),
    "at-least": Operator((*NUMBERS, "text"), "number", "is this number or more", _at_least),
    "at-most": Operator((*NUMBERS, "text"), "number", "is this number or less", _at_most),
    "above": Operator(
        (*NUMBERS, "text"), "number", "is more than this number", _compared(lambda v, x: v > x)
    ),
    "below": Operator(
        (*NUMBERS, "text"), "number", "is less than this number", _compared(lambda v, x: v < x)
    ),
    "between": Operator(
        (*NUMBERS, "text"), "pair", "is one of two numbers or between them", _between
    ),
    "inside": Operator(("path",), "path", "is one of these folders, or in one", _placed(_below)),
    "overlaps": Operator(
        ("path",),
        "path",
        "is one of these paths, in one, or a folder that has one",
        _placed(_overlap),
    ),
}
"""The operators on single values; those of :data:`NEGATED` stand for the opposite."""

NEGATED = {"not-equals": "equals", "not-in": "in", "not-like": "like"}
