"""The values of a bake file, and what the environment may still change of them.

A variable has its default, as ``${NAME:-default}`` has in a Compose file, and this is also how
a value is handed on: as a text in Compose's syntax. One that has no default, or comes
from elsewhere, is unknown.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from tightship.text import Span

    Plain: TypeAlias = str | int | float | bool | None

NAMELESS = "${_}"
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 100_000


class Value(Record):
    """A value with its place.

    ``text`` is a plain value in Compose's syntax, with the variables that decide it;
    ``plain`` is what it is by their defaults, if that is known. ``variables`` are their names.
    """

    span: Span
    text: str = NAMELESS
    plain: Plain = None
    is_known: bool = False
    variables: tuple[str, ...] = ()

    @property
    def is_null(self) -> bool:
        """Return whether it is known to be null."""
        return self.is_known and self.plain is None and type(self) is Value

    @property
    def is_empty(self) -> bool:
        """Return whether it is known to be an empty text, or null."""
        return self.is_known and type(self) is Value and not self.shown

    @property
    def shown(self) -> str:
        """Return a known value as a text."""
        return shown(self.plain)


class ItemsValue(Value):
    """A list."""

    items: Sequence[Value] = ()


class TableValue(Value):
    """An object: each key has its place and its value."""

    entries: Mapping[str, tuple[Span, Value]] = {}


def shown(plain: Plain) -> str:
    """Return a value as HCL writes it into a text."""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, float) and plain.is_integer() and abs(plain) < 1e15:
        return str(int(plain))
    return "" if plain is None else str(plain)


def known(span: Span, plain: Plain, variables: Iterable[str] = ()) -> Value:
    """Return a value that the file decides, but for the defaults of variables."""
    text, names = shown(plain), tuple(dict.fromkeys(variables))
    if len(text) > _LONGEST:
        return Value(span)
    made = text.replace("$", "$$")
    for name in names:
        made = _by_default(name, made)
    return Value(span, made, plain, True, names)


def joined(span: Span, parts: Sequence[Value]) -> Value:
    """Return a text of several values, each as far as it is known."""
    if sum(len(one.text) for one in parts) > _LONGEST:
        return Value(span)
    names = tuple(dict.fromkeys(name for one in parts for name in one.variables))
    text = "".join(one.text for one in parts)
    if not all(one.is_known for one in parts):
        return Value(span, text, None, False, names)
    return Value(span, text, "".join(one.shown for one in parts), True, names)


def of_variable(name: str, default: Value | None, span: Span) -> Value:
    """Return the value of a variable, whose text is at the place of its default."""
    if default is not None and default.is_null:
        return default.replaced(variables=(*default.variables, name))
    if default is None or not default.is_known:
        names = () if default is None else default.variables
        return Value(span, f"${{{_plain_name(name)}}}", None, False, (*names, name))
    if isinstance(default, ItemsValue):
        items = [of_variable(name, one, one.span) for one in default.items]
        return default.replaced(items=items, variables=(name,))
    if isinstance(default, TableValue):
        entries = {
            key: (place, of_variable(name, one, one.span))
            for key, (place, one) in default.entries.items()
        }
        return default.replaced(entries=entries, variables=(name,))
    names = tuple(dict.fromkeys((*default.variables, name)))
    text = _by_default(name, default.text)
    return Value(default.span, text, default.plain, True, names)


def _by_default(name: str, text: str) -> str:
    """Return a text that holds as long as nothing sets a variable, in Compose's syntax."""
    is_one_line = "\n" not in text and text.count("{") == text.count("}")
    name = _plain_name(name)
    return f"${{{name}:-{text}}}" if is_one_line else f"${{{name}}}"


def _plain_name(name: str) -> str:
    name = name.replace("-", "_")
    return name if _NAME.fullmatch(name) else "_"
