"""Edits of YAML that remove the child of a collection, with what belongs to it.

As in :mod:`~tightship.syntax.yaml.edit`, there is no edit if the text around has an unknown
shape, and an anchor is the business of the caller.

Two edits that remove the first and the second child of a collection overlap, so that no
compatible edits together remove all its children. A collection with a single child
becomes empty brackets.
"""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import regex
from tightship.syntax.yaml.layout import (
    block_header,
    brackets,
    colon_above,
    column,
    last_leaf,
    rest_of_line,
)
from tightship.syntax.yaml.nodes import GAP, Mapping, Node, Scalar, Sequence, walk
from tightship.text import Edit, Source, Span

_GAP = regex(GAP)
_COMMENT_LINE = regex("( *)#.*")
_COMMA = regex(r"\s*,\s*")
_LEAD = regex(r"\s*+,?\s*+")


class _Child:
    """One of the children of a collection: a key with its value, or an item."""

    __slots__ = ("end", "node", "start")

    def __init__(self, start: int, node: Node) -> None:
        """Begin at the key or at the dash; ``node`` is what it ends with."""
        self.start = start
        self.end = node.span.end
        self.node = node


def _indices(nodes: list[Node]) -> dict[int, int]:
    return {id(node): index for index, node in enumerate(nodes)}


# Many children of one collection may be removed.
@lru_cache(maxsize=1)
def _entries(mapping: Mapping) -> tuple[list[_Child], dict[int, int], bool]:
    keys = [name for name, _ in mapping.entries]
    each = [_Child(name.span.start, value) for name, value in mapping.entries]
    removable = all(isinstance(name, Scalar) for name in keys)
    return each, _indices(keys), removable


@lru_cache(maxsize=1)
def _items(sequence: Sequence) -> tuple[list[_Child], dict[int, int], bool]:
    items, removable = sequence.items, True
    each = [_Child(node.span.start, node) for node in items]
    if not sequence.flow:
        text, at = sequence.span.source.text, sequence.span.start
        for child in each:
            found = _GAP.match(text, at)
            child.start = found.end() if found else at
            if text[child.start : child.start + 1] != "-":
                removable = False
                break
            at = child.end
    return each, _indices(items), removable


def remove_entry(mapping: Mapping, key: Node) -> Edit | None:
    """Return the edit that removes an entry from a mapping.

    With it go the comment behind it, the comment lines right above it, unless they
    begin the file, and those below that are indented deeper. A mapping with one entry
    becomes ``{}``, because Compose requires a mapping (docker-compose 2.26.1 rejects an
    empty value). There is no edit if the entry holds an anchor, since an alias may need
    it.
    """
    children, indices, removable = _entries(mapping)
    index = indices.get(id(key))
    if index is None or not removable or key.tag is not None:
        return None
    if _has_anchor(key) or _has_anchor(children[index].node):
        return None
    return _remove(mapping, children, index)


def remove_item(sequence: Sequence, item: Node) -> Edit | None:
    """Return the edit that removes an item from a sequence, as with an entry.

    A sequence with one item becomes ``[]``.
    """
    children, indices, removable = _items(sequence)
    index = indices.get(id(item))
    if index is None or not removable or _has_anchor(item):
        return None
    return _remove(sequence, children, index)


def _has_anchor(node: Node) -> bool:
    return any(part.anchor is not None for part in walk(node))


def _remove(node: Mapping | Sequence, children: list[_Child], index: int) -> Edit | None:
    if node.flow:
        return _from_brackets(node, children, index)
    source, child = node.span.source, children[index]
    indent = column(source, child.start)
    if indent is None or rest_of_line(source, child.end) is None:
        return None
    line = source.line_start(child.start)
    first_on_line = not source.text[line : child.start].strip(" ")
    if len(children) == 1:
        return _last_one(node, child, line if first_on_line else None)
    if first_on_line:
        before = children[index - 1] if index else None
        gone = _lines(source, child, before, indent)
        return _reaching(gone, before) if gone and before and index == 1 else gone
    if index:
        return None
    # The first in a list's item: what is next takes its place behind the dash.
    following = children[1].start
    if source.text[child.end : following].strip():
        return None
    return Edit(Span(source, child.start, following), "")


def _from_brackets(node: Mapping | Sequence, children: list[_Child], index: int) -> Edit | None:
    source, inside, child = node.span.source, brackets(node), children[index]
    if inside is None:
        return None
    text, (start, end) = source.text, inside
    if len(children) == 1:
        around = text[start : child.start] + text[child.end : end]
        return None if "#" in around else Edit(Span(source, start, end), "")
    before = children[index - 1].end if index else start
    if not _LEAD.fullmatch(text, before, child.start):
        return None
    if index == len(children) - 1:
        return Edit(Span(source, before, child.end), "")
    following = children[index + 1].start
    if not _COMMA.fullmatch(text, child.end, following):
        return None
    return Edit(Span(source, child.start, following), "")


def _last_one(node: Mapping | Sequence, child: _Child, line: int | None) -> Edit:
    """Put empty brackets in the place of a collection's only child."""
    source = node.span.source
    empty = "{}" if isinstance(node, Mapping) else "[]"
    if line is None:
        return Edit(Span(source, child.start, child.end), empty)
    colon = colon_above(source, line)
    if colon is not None:
        return Edit(Span(source, colon, child.end), " " + empty)
    # A list may stand at the column of its key; brackets may not.
    pad = "  " if isinstance(node, Sequence) else ""
    return Edit(Span(source, child.start, child.end), pad + empty)


def _lines(source: Source, child: _Child, before: _Child | None, indent: int) -> Edit | None:
    """Remove the lines of a child and the comment lines that belong to it."""
    text = source.text
    number, _ = source.point(child.start)
    bound = source.point(before.end)[0] if before else -1
    above = _first_comment(source, number, bound, indent)
    below = source.point(child.end)[0] + 1
    count, look = len(source.line_starts), below
    while look < count:
        if source.line(look).strip():
            if _indent_of_comment(source, look) <= indent:
                break
            below = look + 1
        look += 1
    if before and look == count:
        # Blank lines that separated it from the rest are no longer needed.
        while above - 1 > bound and not source.line(above - 1).strip():
            above -= 1
    blank_above = above == 0 or not source.line(above - 1).strip()
    header = block_header(last_leaf(before.node)) if before else ""
    if before:
        blanks = (source.line(n) for n in range(below, look))
        if "+" in header or (header and any(blanks)):
            return None
    if blank_above:
        below = look if look < count else below
    if before is None:
        stop = source.line_starts[below] if below < count else len(text)
        return Edit(Span(source, source.line_starts[above], stop), "")
    # It includes the line break above, so that insertions below it stay in place.
    start = source.line_end(source.line_starts[above - 1])
    end = source.line_end(source.line_starts[below - 1])
    if header and end == len(text):
        start = source.line_starts[above]  # the break is part of the text above
    return Edit(Span(source, start, end), "")


def _first_comment(source: Source, number: int, bound: int, indent: int) -> int:
    """Return the first of the comment lines above a line, or the line itself.

    Comments at the beginning of a file are about the file.
    """
    above = number
    while above - 1 > bound and _indent_of_comment(source, above - 1) == indent:
        above -= 1
    return above or number


def _reaching(gone: Edit, first: _Child) -> Edit:
    """Claim the line break behind the first child, and leave what is below it."""
    source = gone.span.source
    start = source.line_end(first.end)
    kept = source.text[start : gone.span.start]
    return Edit(Span(source, start, gone.span.end), kept)


def _indent_of_comment(source: Source, number: int) -> int:
    """Return how far a line's comment is indented; -1 if it is no comment line."""
    found = _COMMENT_LINE.fullmatch(source.line(number))
    return len(found[1]) if found else -1
