"""Edits of YAML in the file's own style: values put and replaced.

Nothing is read again and nothing else is touched. Each function returns ``None`` if the
text around has an unknown shape: a tab for indentation, a complex key, a block scalar
whose trailing blank lines count. Anchors on the edited node are the caller's business:
each alias gets the change too.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.yaml import layout as yaml_render
from tightship.syntax.yaml.layout import (
    Style,
    Text,
    block_end,
    brackets,
    column,
    end_of_comments,
    style_around,
)
from tightship.syntax.yaml.nodes import BREAKS, Alias, Mapping, Node, Scalar, Sequence
from tightship.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Container

    from tightship.syntax.yaml.layout import Plain as Plain


__all__ = ["Text", "append", "put", "replace"]

_DASH = regex("- +")
_INDENT = regex("[ \t]*")
_EMPTY_ITEM = regex(" *(?:- +)*-|---")
_AFTER_LAST = regex(rf"[ \t]*+(?:(,)[ \t]*+)?(?:#[^{BREAKS}]*+)?")


def put(mapping: Mapping, key: str, value: Plain, beside: Container[str] = ()) -> Edit | None:
    """Return the edit that adds an entry to a mapping.

    It goes below the last entry whose key is one of ``beside``, or else at the end. Comments
    that belong to what stands above stay with it; blank lines, and what follows them, come
    after the new entry. There is none if the key exists.
    """
    if mapping.get(key) is not None:
        return None
    style = style_around(mapping)
    if mapping.flow:
        name = yaml_render.key(key, style, flow=True)
        new = f"{name}: {yaml_render.flow(value, style)}"
        return _into_brackets(mapping, mapping.entries[-1] if mapping.entries else None, new)
    # A mapping in block style is empty where a syntax error took its entries.
    if not mapping.entries or not all(isinstance(name, Scalar) for name, _ in mapping.entries):
        return None
    first = mapping.entries[0][0]
    indent = column(first.span.source, first.span.start)
    lines = yaml_render.entry(key, value, style)
    same = [held for name, held in mapping.entries if getattr(name, "value", "") in beside]
    return _below(mapping, indent, lines, style, same[-1] if same else None)


def append(sequence: Sequence, *values: Plain) -> Edit | None:
    """Return the edit that adds items at the end of a sequence."""
    style = style_around(sequence)
    if sequence.flow:
        end = sequence.items[-1] if sequence.items else None
        last = (end, end) if end else None
        new = ", ".join(yaml_render.flow(value, style) for value in values)
        return _into_brackets(sequence, last, new)
    source, start = sequence.span.source, sequence.span.start
    dash = _DASH.match(source.text, start)
    lines = [
        line
        for value in values
        for line in yaml_render.item(value, style, dash[0] if dash else "- ")
    ]
    return _below(sequence, column(source, start), lines, style)


def _below(
    node: Node, indent: int | None, lines: list[str], style: Style, child: Node | None = None
) -> Edit | None:
    """Put lines below a block collection, or below a child of it."""
    end = block_end(child or node)
    if indent is None or end is None:
        return None
    end = end_of_comments(node.span.source, end, indent, is_end=child is None, of=node)
    text = "".join(style.newline + " " * indent + line for line in lines)
    return Edit(Span(node.span.source, end, end), text, adds_to=node.span)


def _into_brackets(
    node: Mapping | Sequence, last: tuple[Node, Node] | None, new: str
) -> Edit | None:
    """Put a text behind the last child of a flow collection."""
    source, inside = node.span.source, brackets(node)
    if inside is None:
        return None
    start, end = inside
    if last is None:
        if source.text[start:end].strip():
            return None
        # The brackets are replaced too, so that two such edits are seen to collide.
        opening, closing = source.text[start - 1], source.text[end]
        return Edit(node.span, opening + new + closing)
    begin, after = last[0].span.start, last[1].span.end
    if last[1].span.start == after:
        return None
    line_start, line_end = source.line_start(begin), source.line_end(after)
    rest = None
    if line_start >= start:
        rest = _AFTER_LAST.fullmatch(source.text, after, line_end)
    if rest is None:
        # A bracket is on the same line.
        children = Span(source, start, after)
        return Edit(Span(source, after, after), ", " + new, adds_to=children)
    indent = _INDENT.match(source.text, line_start)
    new = source.newline + (indent[0] if indent else "") + new
    if rest[1]:
        children = Span(source, start, line_end)
        return Edit(Span(source, line_end, line_end), new + ",", adds_to=children)
    text = "," + source.text[after:line_end] + new
    return Edit(Span(source, after, line_end), text)


def replace(node: Node, value: Plain) -> Edit | None:
    """Return the edit that replaces a node that is on one line.

    That is a scalar, a flow collection or an alias. A scalar keeps its quotes if they
    can hold the new text. A missing value is filled in. A tag or an anchor before it
    stays; there is no edit for an application's own tag, since ``!reset`` ignores any
    value.
    """
    if isinstance(node, Alias):
        return Edit(node.span, yaml_render.flow(value, Style()))
    if node.tag is not None and (node.tag[0] == "!" or not isinstance(value, str)):
        return None
    if isinstance(node, Scalar):
        return _replace_scalar(node, value)
    if isinstance(node, (Mapping, Sequence)) and node.flow and brackets(node):
        return Edit(node.span, yaml_render.flow(value, style_around(node)))
    return None


def _replace_scalar(node: Scalar, value: Plain) -> Edit | None:
    source, start = node.span.source, node.span.start
    if isinstance(value, str) and node.style in ("'", '"'):
        return Edit(node.span, yaml_render.quoted(value, node.style))
    # A plain text with these signs in it is not within brackets; others may be.
    flow = bool(node.style) or not any(sign in node.value for sign in ",[]{}")
    if not isinstance(value, str):
        new = yaml_render.flow(value, Style())
    elif yaml_render.fits_plain(value, flow=flow) and not isinstance(value, Text):
        new = value
    else:
        new = yaml_render.scalar(value, Style(), flow=flow)
    if start < node.span.end:
        return Edit(node.span, new)
    if node.anchor is None and node.tag is None:
        before = source.text[source.line_start(start) : start]
        if not before.endswith(":") and not _EMPTY_ITEM.fullmatch(before):
            return None
    return Edit(node.span, " " + new)
