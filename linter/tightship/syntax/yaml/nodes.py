"""The syntax tree of YAML; each node has its span. ``read.py`` makes it.

Nothing is resolved here: a scalar keeps its text, style and tag, an alias stays an
alias, ``<<`` is a key like any other and a duplicate key is there twice.
``values.scalar`` resolves scalars, in its own way.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax import SyntaxProblem
    from tightship.text import Source

    Range = tuple[int, int]


BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line for YAML 1.1, and so for both parsers and for Compose."""

GAP = rf"(?:[ \t{BREAKS}]|#[^{BREAKS}]*+)*+"
"""A pattern for what may lie between two tokens: space, line ends, comments."""

_LINE = regex(f"[^{BREAKS}]*")


def line_end(text: str, index: int) -> int:
    """Return where the line of an index ends, before its line end."""
    found = _LINE.match(text, index)
    return found.end() if found else index


def line_start(text: str, index: int) -> int:
    """Return where the line of an index starts; this may look at all before it."""
    return max([text.rfind(mark, 0, index) for mark in BREAKS]) + 1


class Node:
    """What all nodes have: a span, and perhaps a tag and an anchor.

    ``tag`` is as the events give it: ``!reset``, ``tag:yaml.org,2002:str``, or
    ``None``. A flow collection spans its brackets. A block mapping spans from its
    first key, a block sequence from its first dash, to the end of its last child. A
    block scalar spans from its indicator to the end of its last line that is not
    blank, line end excluded. Tags and anchors lie before the span of their node.
    """

    # The initialisers of the kinds set all by themselves: this is the hottest path.
    __slots__ = ("anchor", "span", "tag")

    span: Span
    tag: str | None
    anchor: str | None


class Scalar(Node):
    """A leaf.

    ``value`` is its text with quotes and escapes undone; ``style`` is one of
    ``""`` (plain), ``"'"``, ``'"'``, ``"|"``, ``">"``. A missing value
    (``key:``) is a plain scalar with an empty value and an empty span right after
    the key's colon, the item's dash, or its own tag and anchor.
    """

    __slots__ = ("style", "value")

    def __init__(
        self,
        span: Span,
        value: str,
        style: str = "",
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        self.span = span
        self.tag = tag
        self.anchor = anchor
        self.value = value
        self.style = style


class Sequence(Node):
    """A list of nodes, in block or flow style."""

    __slots__ = ("flow", "items")

    def __init__(
        self,
        span: Span,
        items: list[Node],
        *,
        flow: bool,
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        self.span = span
        self.tag = tag
        self.anchor = anchor
        self.items = items
        self.flow = flow


class Mapping(Node):
    """An ordered mapping. Keys are nodes too, for they are pointed at most."""

    __slots__ = ("entries", "flow")

    def __init__(
        self,
        span: Span,
        entries: list[tuple[Node, Node]],
        *,
        flow: bool,
        tag: str | None = None,
        anchor: str | None = None,
    ) -> None:
        """Hold a mapping; a key may be any node, and may occur twice."""
        self.span = span
        self.tag = tag
        self.anchor = anchor
        self.entries = entries
        self.flow = flow

    def get(self, key: str) -> Node | None:
        """Return the value under a key as written here; ``<<`` is not followed."""
        for k, value in self.entries:
            if isinstance(k, Scalar) and k.value == key:
                return value
        return None


class Alias(Node):
    """``*name``, kept as it is; ``target`` is the anchored node before it.

    There is no target if no such anchor comes before it in the document, or if it lies
    within the anchored node. So following targets always ends, but a node can be
    reached on very many ways: count your steps.
    """

    __slots__ = ("name", "target")

    def __init__(self, span: Span, name: str, target: Node | None) -> None:
        self.span = span
        self.tag = None
        self.anchor = None
        self.name = name
        self.target = target


def follow(node: Node) -> Node | None:
    """Return the target of an alias, or the node itself if it is none."""
    # The target is no alias: YAML has no anchors on aliases.
    return node.target if isinstance(node, Alias) else node


class Stream(Record):
    """All that one file holds: documents, comments and syntax errors.

    ``documents`` holds each document's root. ``damage`` holds the ranges of the text
    that errors cost, which are then missing in the tree. ``comments`` are in the order of the
    text, with ``#``.
    """

    source: Source
    documents: list[Node]
    problems: list[SyntaxProblem]
    comments: list[Span]
    damage: list[Range]

    @property
    def lost(self) -> bool:
        """Return whether errors cost a part of the text."""
        return bool(self.damage)

    @property
    def root(self) -> Node:
        """Return the root of the first document, or an empty scalar."""
        return self.documents[0] if self.documents else Scalar(Span(self.source, 0, 0), "")

    @property
    def is_empty(self) -> bool:
        """Return whether the file has no content at all."""
        root = self.root
        is_empty = isinstance(root, Scalar) and not root.value and not root.style
        return is_empty and len(self.documents) <= 1 and not self.lost


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, keys included; aliases are not followed."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            for key, value in reversed(node.entries):
                stack += value, key
        elif isinstance(node, Sequence):
            stack += reversed(node.items)


def steps_to(node: Node, offset: int) -> Iterator[tuple[Node | None, Node]]:
    """Yield the nodes that lead to an offset, each with its key; an item has none.

    They are the last ones that begin before the offset, and may end before it too. The
    way ends with the entry whose key is at the offset.
    """
    while True:
        if isinstance(node, Sequence):
            place = bisect_right(node.items, offset, key=lambda item: item.span.start)
            if not place:
                return
            node = node.items[place - 1]
            yield None, node
        elif isinstance(node, Mapping):
            place = bisect_right(node.entries, offset, key=lambda e: e[0].span.start)
            if not place:
                return
            key, node = node.entries[place - 1]
            yield key, node
            if offset <= key.span.end:
                return
        else:
            return


def path_at(root: Node, offset: int) -> tuple[str, ...]:
    """Return the keys that lead to the innermost entry at an offset.

    The items of a list add nothing, so that the path stays when items move. A variable has
    its name in both forms, ``A: b`` and ``- A=b``.
    """
    path: list[str] = []
    for key, node in steps_to(root, offset):
        if node.span.end < offset and (key is None or key.span.end < offset):
            break
        if key is not None:
            path.append(key.value if isinstance(key, Scalar) else "?")
        elif path and path[-1] == "environment" and isinstance(node, Scalar):
            path.append(node.value.partition("=")[0])
    return tuple(path)
