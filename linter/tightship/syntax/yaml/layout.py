"""The layout of a YAML file, and values as they are written in it."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax.yaml.nodes import BREAKS, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections import abc
    from typing import TypeAlias, TypeGuard

    from tightship.text import Source

    Plain: TypeAlias = "str | abc.Sequence[Plain] | abc.Mapping[str, Plain]"


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
# Plain scalars that mean something else (YAML 1.1, 5.3 and 9.1.3).
_NOT_PLAIN = regex(r"""[\s,\[\]{}#&*!|>'"%@`]|[-?:](?:\s|$)|---|\.\.\.|.*(?::(?:\s|$)|\s(?:#|$))""")
# Compose's reader ends a plain text at a `?`.
_NOT_PLAIN_IN_FLOW = regex(r"[-?:]|.*[,\[\]{}?]")
# Texts of these alone are plain, if they begin and end well.
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/")
_WITHIN_WORD = _WORD | {"-", ".", ":", "="}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@lru_cache(maxsize=64)  # fixes write the same few words in every file
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


@lru_cache(maxsize=64, typed=True)
def _is_ambiguous(text: str) -> bool:
    """Return whether a text would wrongly be read as a number or as ports."""
    if isinstance(text, Text) and _SPECIAL.fullmatch(text):
        return True
    return ":" in text and all(one.isascii() and one.isdecimal() for one in text.split(":"))


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


def is_mapping(value: Plain) -> TypeGuard[abc.Mapping[str, Plain]]:
    """Return whether a plain value is a mapping, without an import for it."""
    return hasattr(value, "keys")


_LEAD = regex(r"( *(?:- +)*)(?:[&!][^ ]* +)*")
_REST = regex(rf"[ \t]*(?:#[^{BREAKS}]*)?")
_NESTED = regex(r"(?m)^( *+)[^\s#-][^\r\n]*+(?<=:)(?:\r\n|\n|\r)(?=( *+)(?:(- )|[^\s#]))")
_BLANKS = regex(r"[\r\n]*")
_FLOW_LIST = regex(r"(?m)^ *+[^\s#:]++: \[")
_COMMENT = regex(r"(?:\r\n|\n|\r)( *+)#( *+)")

# Most fixes of a service go to the same place, one after another. To look at it again
# for each of them would be a fifth of a run. Nodes and sources never change.
_kept = lru_cache(maxsize=16)


@_kept
def column(source: Source, start: int) -> int | None:
    """Return the column of a block collection's child, or ``None`` if unsure.

    Before it on its line there may only be spaces, dashes of the lists it is in, and
    its own tag and anchor, which begin it.
    """
    line = source.line_start(start)
    if not source.text[line:start].strip(" "):
        return start - line
    lead = _LEAD.fullmatch(source.text, line, start)
    return len(lead[1]) if lead else None


def rest_of_line(source: Source, end: int) -> int | None:
    """Return the end of a line on which only a comment may follow, else ``None``."""
    line_end = source.line_end(end)
    if end == line_end:
        return end
    found = _REST.match(source.text, end)
    return line_end if found and found.end() == line_end else None


def last_leaf(node: Node) -> Node:
    """Return the node that a node ends with."""
    while True:
        if isinstance(node, Mapping) and node.entries and not node.flow:
            node = node.entries[-1][1]
        elif isinstance(node, Sequence) and node.items and not node.flow:
            node = node.items[-1]
        else:
            return node


@_kept
def block_end(node: Node) -> int | None:
    """Return where a line can be put below a node without changing the node.

    It is the end of the node's last line, or ``None`` if the blank lines below, or the
    end of the file, are part of a block scalar's value.
    """
    leaf, source = last_leaf(node), node.span.source
    if isinstance(leaf, Scalar) and leaf.style in ("|", ">") and not holds(leaf):
        return None
    return rest_of_line(source, node.span.end)


def end_of_comments(source: Source, end: int, indent: int, of: Node, *, is_end: bool) -> int:
    """Return the end of the comment lines below a line that belong to what stands above.

    They are indented deeper than the children of a collection; at the end of a mapping as they
    are, and below an item also what was an item. Of a line whose ``#`` is put before all
    of it, the indentation counts that it had.
    """
    while found := _COMMENT.match(source.text, end):
        before, after = len(found[1]), len(found[2])
        depth = before or (after if after > 1 else 0)
        is_item = source.text.startswith("-", found.end())
        is_own = is_item if isinstance(of, Sequence) else is_end
        if depth < indent or (depth == indent and not is_own):
            break
        end = source.line_end(found.end())
    return end


def block_header(node: Node) -> str:
    """Return the line that opens a block scalar, without a comment, or nothing."""
    if not isinstance(node, Scalar) or node.style not in ("|", ">"):
        return ""
    source, start = node.span.source, node.span.start
    return source.text[start : source.line_end(start)].partition("#")[0]


def holds(scalar: Scalar) -> bool:
    """Return whether a block scalar stays what it is, whatever comes below its text."""
    source, end = scalar.span.source, scalar.span.end
    header = block_header(scalar)
    if "+" in header:
        return False
    blanks = _BLANKS.match(source.text, end)
    after = blanks.end() if blanks else end
    if after == len(source.text):
        return "-" in header or after > end
    # Spaces on a line that looks blank may be text.
    return bool(source.text[after : source.line_end(after)].strip())


@_kept
def style_around(node: Mapping | Sequence) -> Style:
    """Return the style of a new child's neighbours, or else of the file.

    The result is shared: do not change it.
    """
    source = node.span.source
    nodes = [value for _, value in node.entries] if isinstance(node, Mapping) else list(node.items)
    keys = [key for key, _ in node.entries] if isinstance(node, Mapping) else []
    style = _habits(source).replaced()
    base = column(source, node.span.start)
    lists = [value for value in nodes if isinstance(value, Sequence)]
    for value in nodes if isinstance(node, Mapping) and not node.flow else ():
        if getattr(value, "flow", True):
            continue
        inner = column(source, value.span.start)
        if base is None or inner is None:
            continue
        if isinstance(value, Sequence):
            style.dash = inner - base
        elif inner > base:
            style.step = inner - base
    if lists:
        style.flow_lists = all(value.flow for value in lists)
    quotes = [
        value.style
        for value in nodes
        if isinstance(value, Scalar) and value.style in ("", "'", '"')
    ]
    for quote in "'\"":
        other = "'" if quote == '"' else '"'
        if quote in quotes and other not in quotes:
            style.quote = quote
    if isinstance(node, Sequence):
        style.quote_all = bool(quotes) and "" not in quotes
    style.json = bool(keys) and all(getattr(key, "style", "") == '"' for key in keys)
    return style


@_kept
def _habits(source: Source) -> Style:
    """Return the style of a file: lists are in brackets where it has no other ones."""
    text, usual = source.text, Style()
    step = dash = None
    for found in _NESTED.finditer(text):
        deeper = len(found[2]) - len(found[1])
        if found[3] and dash is None and deeper >= 0:
            dash = deeper
        elif not found[3] and step is None and deeper > 0:
            step = deeper
        if step is not None and dash is not None:
            break
    flow_lists = dash is None and _FLOW_LIST.search(text) is not None
    if step is None:
        step = usual.step
        dash = usual.dash if dash is None else dash
    elif dash is None:
        dash = step
    quote = "'" if text.count("'") > text.count('"') else usual.quote
    return Style(newline=source.newline, step=step, dash=dash, quote=quote, flow_lists=flow_lists)


def brackets(node: Mapping | Sequence) -> tuple[int, int] | None:
    """Return the inside of a flow collection's brackets; a lone pair has none."""
    start, end, text = node.span.start, node.span.end, node.span.source.text
    if text[start : start + 1] + text[end - 1 : end] not in ("[]", "{}"):
        return None
    if isinstance(node, Mapping) and node.entries:
        first = node.entries[0][0].span.start
        return (start + 1, end - 1) if first > start else None
    return start + 1, end - 1


def colon_above(source: Source, start: int) -> int | None:
    """Return where the key's colon ends that a collection below it belongs to.

    There is none if more than space lies between.
    """
    end = len(source.text[:start].rstrip(" \r\n"))
    line = source.text[source.line_start(end) : end]
    return end if line.endswith(":") and "#" not in line else None
