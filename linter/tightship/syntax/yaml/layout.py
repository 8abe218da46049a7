"""The layout of the text around a node: columns, line ends, style."""

from __future__ import annotations

import functools

from tightship.lazy import regex
from tightship.syntax.yaml.line import BREAKS
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence
from tightship.syntax.yaml.render import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source

_LEAD = regex(r"( *(?:- +)*)(?:[&!][^ ]* +)*")
_REST = regex(rf"[ \t]*(?:#[^{BREAKS}]*)?")
_NESTED = regex(r"(?m)^( *+)[^\s#-][^\r\n]*+(?<=:)(?:\r\n|\n|\r)(?=( *+)(?:(- )|[^\s#]))")
_BLANKS = regex(r"[\r\n]*")

# Most fixes of a service go to the same place, one after another. To look at it again
# for each of them would be a fifth of a run. Nodes and sources never change.
_kept = functools.lru_cache(maxsize=16)


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
    step, dash, quote, newline = _habits(source)
    style = Style(step=step, dash=dash, quote=quote, newline=newline)
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
    style.flow_lists = bool(lists) and all(value.flow for value in lists)
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
def _habits(source: Source) -> tuple[int, int, str, str]:
    """Return a file's step, dash, quote and line end, as :class:`Style` has them."""
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
    if step is None:
        step = usual.step
        dash = usual.dash if dash is None else dash
    elif dash is None:
        dash = step
    quote = "'" if text.count("'") > text.count('"') else usual.quote
    return step, dash, quote, source.newline


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
