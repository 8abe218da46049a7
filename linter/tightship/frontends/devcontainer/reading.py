"""JSON with comments, as nodes with their places."""

from __future__ import annotations

from tightship.frontends.flags.options import literal, whole_word, with_unknown
from tightship.frontends.flags.values import named
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.text import Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.text import Source, Span

if TYPE_CHECKING:
    import re

    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node

_COMMENT = regex(r'(?s)"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])')
VARIABLE = regex(r"\$\{[A-Za-z]\w*(?::[^{}\n]*)?\}")
"""A variable of a file, which is known when the container starts."""
_DEEPEST = 100


def without_comments(source: Source) -> Source:
    """Return JSON with blanks in place of its comments and of commas that nothing follows."""

    def blank(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith('"'):
            return text
        return "".join(one if one in "\r\n" else " " for one in text)

    return Source(source.name, _COMMENT.sub(blank, source.text))


def read_json(source: Source) -> Node:
    """Return the root; what is nested too deep is an empty text, as the whole is then."""
    try:
        return _placed(read(without_comments(source)).root, source, _DEEPEST)
    except ValueError:
        return Scalar(Span(source, 0, 0), "")


def why_lost(source: Source) -> list[tuple[Span, str]]:
    """Return why a part of a file is lost, with its place, if no root can be read."""
    stream = read(without_comments(source))
    found = [
        (Span(source, one.span.start, one.span.end), one.message)
        for one in (stream.problems if stream.lost else ())
    ]
    if (
        not found
        and isinstance(stream.root, Mapping)
        and not isinstance(read_json(source), Mapping)
    ):
        found.append((Span(source, 0, 0), f"it is nested deeper than {_DEEPEST} levels"))
    return found


def _placed(node: Node, source: Source, left: int) -> Node:
    """Return a node with its places in the file as it is; raises ``ValueError`` if too deep."""
    if not left:
        raise ValueError(left)
    span = Span(source, node.span.start, node.span.end)
    if isinstance(node, Mapping):
        entries = [
            (_placed(key, source, left - 1), _placed(value, source, left - 1))
            for key, value in node.entries
        ]
        return Mapping(span, entries, flow=True)
    if isinstance(node, Sequence):
        items = [_placed(one, source, left - 1) for one in node.items]
        return Sequence(span, items, flow=True)
    value = node.value if isinstance(node, Scalar) else ""
    return Scalar(span, value, node.style if isinstance(node, Scalar) else "")


def value_of(node: Node) -> Node:
    """Return a value whose variables are those of a Compose file."""
    return literal(node, VARIABLE, lambda text: named(text, node.span.source))


def word_of(node: Scalar, before: str = "") -> Word:
    """Return a text as a word after another one, in which variables of the file are unknown."""
    text = with_unknown(scalar_text(node), VARIABLE)
    if before:
        start = node.span.start
        pieces = text.pieces(0, len(text.value))
        text = Text(text.source, [(before, start, start), *pieces])
    return whole_word(text)
