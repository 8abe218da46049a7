"""The functions of bake files that need nothing but their arguments; all others are unknown.

Their names and meanings are those of ``docker buildx bake`` (docs, bake, functions).
"""

from __future__ import annotations

import operator

from tightship.values.hcl.value import ItemsValue, TableValue, Value, known, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tightship.text import Span
    from tightship.values.hcl.value import Plain

_MOST = 10_000


def call(name: str, arguments: Sequence[Value], span: Span) -> Value:
    """Return the value of a call, which is unknown if an argument is."""
    names = [one for argument in arguments for one in argument.variables]
    if name in _LISTS and all(one.is_known for one in arguments):
        try:
            return _LISTS[name](span, names, *arguments)
        except (TypeError, ValueError, IndexError):
            return Value(span)
    plain = [one.plain for one in arguments if type(one) is Value and one.is_known]
    if name not in _PLAIN or len(plain) != len(arguments):
        return Value(span)
    try:
        return known(span, _PLAIN[name](*plain), names)
    except (TypeError, ValueError, ArithmeticError, AttributeError, IndexError):
        return Value(span)


def operation(sign: str, operands: Sequence[Value], span: Span) -> Value:
    """Return the value of an operator on its operands."""
    name = {"-": "negate", "!": "not"}.get(sign, "") if len(operands) == 1 else _NAMES[sign]
    return call(name, operands, span)


def _format(text: str, *values: Plain) -> str:
    """Return a text with `%s`, `%v` and `%d` replaced.

    Raises:
        ValueError: if it has other verbs, or not as many.

    """
    first, *pieces = text.replace("%%", "\0").split("%")
    if len(pieces) != len(values) or any(one[:1] not in ("s", "v", "d") for one in pieces):
        raise ValueError(text)
    made = first + "".join(shown(v) + one[1:] for v, one in zip(values, pieces, strict=True))
    return made.replace("\0", "%")


def _is_equal(one: Plain, other: Plain) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return shown(one) == shown(other) and (one is None) == (other is None)
    return one == other


def _truth(value: Plain) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise ValueError(value)


def _number(value: Plain) -> float:
    if isinstance(value, bool) or value is None:
        raise ValueError(value)
    return float(value)


def _of_numbers(made: Callable[[float, float], float | bool]) -> Callable[..., Plain]:
    """Return an operator on numbers."""

    def apply(one: Plain, other: Plain) -> Plain:
        return made(_number(one), _number(other))

    return apply


def _and(one: Plain, other: Plain) -> bool:
    return _truth(one) and _truth(other)


def _or(one: Plain, other: Plain) -> bool:
    return _truth(one) or _truth(other)


def _not(one: Plain) -> bool:
    return not _truth(one)


def _negate(one: Plain) -> float:
    return -_number(one)


def _is_other(one: Plain, other: Plain) -> bool:
    return not _is_equal(one, other)


def _coalesce(*every: Plain) -> Plain:
    return next((one for one in every if one is not None), "")


_PLAIN: dict[str, Callable[..., Plain]] = {
    "add": _of_numbers(operator.add),
    "and": _and,
    "coalesce": _coalesce,
    "divide": _of_numbers(float.__truediv__),
    "equal": _is_equal,
    "format": _format,
    "greaterthan": _of_numbers(operator.gt),
    "greaterthanorequalto": _of_numbers(operator.ge),
    "lessthan": _of_numbers(operator.lt),
    "lessthanorequalto": _of_numbers(operator.le),
    "lower": str.lower,
    "modulo": _of_numbers(operator.mod),
    "multiply": _of_numbers(operator.mul),
    "negate": _negate,
    "not": _not,
    "notequal": _is_other,
    "or": _or,
    "replace": str.replace,
    "strlen": len,
    "subtract": _of_numbers(operator.sub),
    "trim": str.strip,
    "trimprefix": str.removeprefix,
    "trimspace": str.strip,
    "trimsuffix": str.removesuffix,
    "upper": str.upper,
}
_NAMES = {
    "||": "or", "&&": "and", "==": "equal", "!=": "notequal", "<": "lessthan",
    ">": "greaterthan", "<=": "lessthanorequalto", ">=": "greaterthanorequalto", "+": "add",
    "-": "subtract", "*": "multiply", "/": "divide", "%": "modulo",
}  # fmt: skip


def _items(value: Value) -> Sequence[Value]:
    if not isinstance(value, ItemsValue):
        raise TypeError(value)
    return value.items


def _listed(span: Span, names: Iterable[str], items: Iterable[Value]) -> Value:
    made = [*items]
    if len(made) > _MOST:
        return Value(span)
    return ItemsValue(span, is_known=True, variables=tuple(names), items=made)


def _concat(span: Span, names: Sequence[str], *lists: Value) -> Value:
    return _listed(span, names, (one for each in lists for one in _items(each)))


def _join(span: Span, names: Sequence[str], mark: Value, *lists: Value) -> Value:
    items = [one for each in lists for one in _items(each)]
    if not all(type(one) is Value and one.is_known for one in items):
        return Value(span)
    every = (*names, *(name for one in items for name in one.variables))
    return known(span, mark.shown.join(one.shown for one in items), every)


def _split(span: Span, names: Sequence[str], mark: Value, text: Value) -> Value:
    parts = text.shown.split(mark.shown) if mark.shown else [*text.shown]
    return _listed(span, names, (known(text.span, one, names) for one in parts))


def _merge(span: Span, names: Sequence[str], *tables: Value) -> Value:
    entries = dict["str", "tuple[Span, Value]"]()
    for one in tables:
        if not isinstance(one, TableValue):
            raise TypeError(one)
        entries.update(one.entries)
    return TableValue(span, is_known=True, variables=tuple(names), entries=entries)


def _length(span: Span, names: Sequence[str], value: Value) -> Value:
    if isinstance(value, TableValue):
        return known(span, len(value.entries), names)
    return known(span, len(_items(value)), names)


def _contains(span: Span, names: Sequence[str], value: Value, item: Value) -> Value:
    items = _items(value)
    if not all(one.is_known for one in items):
        return Value(span)
    every = (*names, *(name for one in items for name in one.variables))
    return known(span, any(_is_equal(one.plain, item.plain) for one in items), every)


_LISTS: dict[str, Callable[..., Value]] = {
    "concat": _concat,
    "contains": _contains,
    "join": _join,
    "length": _length,
    "merge": _merge,
    "split": _split,
}
