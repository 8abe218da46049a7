"""The values of the configuration as TOML."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.toml import is_table

if TYPE_CHECKING:
    from typing import TypeGuard


_BARE = regex(r"[A-Za-z0-9_-]+")


def toml_value(value: object) -> str:
    """Return a value as TOML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Severity):
        return f'"{value.word}"'
    if isinstance(value, int):
        return str(value)
    if is_table(value):
        items = (f"{toml_key(key)} = {toml_value(one)}" for key, one in value.items())
        inside = ", ".join(items)
        return f"{{ {inside} }}" if inside else "{}"
    if is_tuple(value):
        return f"[{', '.join(map(toml_value, value))}]"
    return f'"{"".join(map(_escaped, str(value)))}"'


def toml_key(name: str) -> str:
    """Return a key as TOML has it, in quotes only if it needs them."""
    return name if _BARE.fullmatch(name) else toml_value(name)


def is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    """Return whether a value is a list of the configuration."""
    return isinstance(value, tuple)


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
