"""The configuration as TOML: its values, and a first file."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.toml import is_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeGuard

    from tightship.config.key import Key


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


_WIDTH = 80
_HEAD = """\
# Settings of Tightship for the files in this folder and below.
# All keys have their default: remove the # of a line to set it.
# `tightship config` prints the settings in effect, with their origin.
"""


def template(keys: Sequence[Key]) -> str:
    """Return the text of a `tightship.toml` that could set these keys."""
    return "\n".join((_HEAD, *_lines(keys)))


def _lines(keys: Sequence[Key]) -> Iterator[str]:
    for key in keys:
        yield from _wrapped(key.sentences)
        if key.form == "tables":
            yield from _template_table(f"[[{key.name}]]", key.keys)
        elif key.form != "table":
            yield f"#{key.name} = {key.example}\n"
        elif key.name == "rules":
            for rule in key.keys:
                yield from _template_table(f"[rules.{toml_key(rule.name)}]", rule.keys)
        else:
            yield from _template_table(f"[{key.name}]", key.keys)


def _template_table(heading: str, keys: Sequence[Key]) -> Iterator[str]:
    yield f"#{heading}"
    for key in keys:
        yield from _wrapped(f"  {key.sentences}")
        yield f"#{key.name} = {key.example}"
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    """Yield comments that are not too wide, for a text that may be indented."""
    words = text.split()
    margin = " " * (len(text) - len(text.lstrip()))
    line = f"# {margin}{words[0]}"
    for word in words[1:]:
        if len(line) + len(word) >= _WIDTH:
            yield line
            line = f"# {margin}{word}"
        else:
            line += f" {word}"
    yield line
