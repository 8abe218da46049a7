"""Writes plain Python values as YAML, in block or flow style."""

from __future__ import annotations

import functools

from tightship.lazy import Record, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias, TypeGuard

    Plain: TypeAlias = "str | Sequence[Plain] | Mapping[str, Plain]"


class Text(str):
    """Text that stays text, even if YAML would read a boolean or a number.

    Any other string is written plain if it can be: ``true`` is a boolean then.
    """

    __slots__ = ()


class Style(Record, frozen=False):
    """The style of a file: its indentation, lists, quotes and line ends.

    ``step`` is how far a mapping below a key is indented and ``dash`` how far a list is;
    ``quote`` is put around what needs quotes, or around all. ``json`` stands for quotes
    around all keys, and all values except numbers and similar.
    """

    newline: str = "\n"
    step: int = 2
    dash: int = 2
    quote: str = '"'
    quote_all: bool = False
    flow_lists: bool = False
    json: bool = False


_PLAIN = Style()

_SPECIAL = regex(
    r"(?i)~|null|true|false|yes|no|on|off|y|n|<<|="
    # Numbers in every base, times and dates of YAML 1.1 and 1.2, taken generously.
    r"|[-+]?\.?[0-9][0-9a-fox_.:+ tz-]*|[-+]?\.(?:inf|nan)"
)
_JSON_LITERAL = regex(r"null|true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_PORTS = regex(r"[0-9]+(?::[0-9]+)+")
# Plain scalars that mean something else (YAML 1.1, 5.3 and 9.1.3).
_NOT_PLAIN = regex(r"""[\s,\[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.|.*(?::(?:\s|$)|\s(?:#|$))""")
_NOT_PLAIN_IN_FLOW = regex(r"[-?:]|.*[,\[\]{}]")
# Texts of these alone are plain, if they begin and end well.
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/")
_WITHIN_WORD = _WORD | {"-", ".", ":"}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@functools.lru_cache(maxsize=64)  # fixes write the same few words in every file
def fits_plain(text: str, *, flow: bool) -> bool:
    """Return whether a text needs no quotes to be read back as the same text.

    ``flow`` is for a place within ``[]`` or ``{}``, where less is possible.
    """
    if text[:1] in _WORD and text[-1] != ":" and _WITHIN_WORD.issuperset(text):
        return True
    return not (
        not text
        or not text.isprintable()
        or _NOT_PLAIN.match(text)
        or (flow and _NOT_PLAIN_IN_FLOW.match(text))
    )


def quoted(text: str, quote: str) -> str:
    """Return a text in quotes, in those asked for if they can hold it."""
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def scalar(text: str, style: Style, *, flow: bool) -> str:
    """Return a text as a scalar, in quotes where it needs them or others have them."""
    if style.json:
        literal = not isinstance(text, Text) and _JSON_LITERAL.fullmatch(text)
        return text if literal else quoted(text, '"')
    if style.quote_all or not fits_plain(text, flow=flow) or _is_ambiguous(text):
        return quoted(text, style.quote)
    return text


@functools.lru_cache(maxsize=64, typed=True)
def _is_ambiguous(text: str) -> bool:
    """Return whether a text would wrongly be read as a number or as ports."""
    if isinstance(text, Text) and _SPECIAL.fullmatch(text):
        return True
    return ":" in text and bool(_PORTS.fullmatch(text))


def flow(value: Plain, style: Style) -> str:
    """Return a value in flow style, on one line."""
    if isinstance(value, str):
        return scalar(value, style, flow=True)
    if is_mapping(value):
        entries = (f"{key(k, style, flow=True)}: {flow(v, style)}" for k, v in value.items())
        return "{" + ", ".join(entries) + "}"
    return "[" + ", ".join(flow(item, style) for item in value) + "]"


def key(text: str, style: Style, *, flow: bool) -> str:
    """Return a key; it is quoted only where it must be, or where all keys are."""
    return scalar(text, style if style.json else _PLAIN, flow=flow)


def entry(name: str, value: Plain, style: Style) -> list[str]:
    """Return the lines of a block mapping's entry, not indented."""
    name = key(name, style, flow=False)
    if isinstance(value, str):
        return [f"{name}: {scalar(value, style, flow=False)}"]
    if not value or (style.flow_lists and not is_mapping(value)):
        return [f"{name}: {flow(value, style)}"]
    if is_mapping(value):
        below = [line for k, v in value.items() for line in entry(k, v, style)]
        return [f"{name}:", *_indented(below, style.step)]
    below = [line for part in value for line in item(part, style)]
    return [f"{name}:", *_indented(below, style.dash)]


def item(value: Plain, style: Style, dash: str = "- ") -> list[str]:
    """Return the lines of a block sequence's item, not indented."""
    if isinstance(value, str):
        return [dash + scalar(value, style, flow=False)]
    if not value or not is_mapping(value):
        return [dash + flow(value, style)]
    lines = [line for k, v in value.items() for line in entry(k, v, style)]
    return [dash + lines[0], *_indented(lines[1:], len(dash))]


def _indented(lines: list[str], width: int) -> list[str]:
    return [" " * width + line for line in lines]


def is_mapping(value: Plain) -> TypeGuard[Mapping[str, Plain]]:
    """Return whether a plain value is a mapping, without an import for it."""
    return hasattr(value, "keys")
