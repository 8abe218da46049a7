"""What the tests of syntax share: outlines to compare, texts to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.syntax.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.syntax.yaml.nodes import Stream

    Outline = tuple[object, ...]


def _outline(node: Node) -> Outline:
    if isinstance(node, Scalar):
        held: object = (node.value, node.style)
    elif isinstance(node, Alias):
        held = (node.name, node.target and (node.target.span.start, node.target.anchor))
    elif isinstance(node, Sequence):
        held = (node.flow, [_outline(item) for item in node.items])
    else:
        assert isinstance(node, Mapping)
        held = (node.flow, [(_outline(k), _outline(v)) for k, v in node.entries])
    kind = type(node).__name__
    return kind, node.span.start, node.span.end, node.tag, node.anchor, held


@pytest.fixture(scope="session")
def outline() -> Callable[[Stream], Outline]:
    """Return all that a stream holds, in a form that can be compared."""

    def of(stream: Stream) -> Outline:
        return (
            [_outline(root) for root in stream.documents],
            [(comment.start, comment.end) for comment in stream.comments],
        )

    return of


@pytest.fixture(scope="session")
def root() -> Callable[[str], Node]:
    """Return the root of a text's only document, which has no problem."""

    def of(text: str) -> Node:
        stream = read(Source("compose.yaml", text))
        assert not stream.problems
        assert len(stream.documents) == 1
        return stream.documents[0]

    return of
