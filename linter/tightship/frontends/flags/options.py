"""Flags of an engine that other files hold: options in one text, or flags one by one."""

from __future__ import annotations

from tightship.frontends.flags.flags import Given, flag_of
from tightship.frontends.flags.values import NAMELESS
from tightship.lazy import regex
from tightship.syntax.shell.nodes import Simple, Unknown, Word
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.syntax.yaml.nodes import Alias, Mapping, Scalar, Sequence, follow
from tightship.syntax.yaml.scalar_text import scalar_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.shell.nodes import Assignment
    from tightship.syntax.yaml.nodes import Node

EXPRESSION = regex(r"\$\{\{[^{}\n]*+\}\}")
"""An expression of a CI, which is known only when it runs."""


def options_text(node: Scalar) -> Text:
    """Return the text of a scalar with options, whose expressions are unknown."""
    text = scalar_text(node)
    parts = list["tuple[str | None, int, int]"]()
    start = 0
    for found in EXPRESSION.finditer(text.value):
        parts += (None, start, found.start()), (UNKNOWN, *found.span())
        start = found.end()
    return text.replaced(0, 0, [*parts, (None, start, len(text.value))]) if start else text


def option_words(text: Text) -> list[Word]:
    """Return the words of a text of options, as a shell splits it."""
    lists = [pipeline.commands for pipeline, _ in read(text).body.items]
    simple = (one for commands in lists for one in commands if isinstance(one, Simple))
    return [word for one in simple for word in (*map(_as_word, one.assignments), *one.words)]


def _as_word(one: Assignment) -> Word:
    """Return what a shell would take for an assignment, such as ``A=b``, as a word."""
    known = one.value.value if one.value is not None else None
    value = None if known is None else f"{one.name}{one.operator}{known}"
    parts = None if value is not None else (Unknown(one.text, one.start, one.end),)
    return Word(one.text, one.start, one.end, value, parts)


def whole_word(text: Text) -> Word:
    """Return a text that is one word, such as an item of a list."""
    is_known = UNKNOWN not in text.value
    parts = None if is_known else (Unknown(text, 0, len(text.value)),)
    return Word(text, 0, len(text.value), text.value if is_known else None, parts)


def flag(name: str, word: Word, value: Word | None = None, engine: str = "docker") -> Given:
    """Return a flag that a key of another file stands for."""
    found = flag_of(name, engine)
    assert found is not None, name
    return Given(found, word, value)


def literal(node: Node) -> Node:
    """Return a node whose texts have no variables of Compose, and expressions of a CI unknown."""
    if isinstance(node, Alias):
        target = follow(node)
        return literal(target) if target is not None else Scalar(node.span, "")
    if isinstance(node, Mapping):
        entries = [(key, literal(value)) for key, value in node.entries]
        return Mapping(node.span, entries, flow=node.flow)
    if isinstance(node, Sequence):
        return Sequence(node.span, [*map(literal, node.items)], flow=node.flow)
    assert isinstance(node, Scalar)
    if "$" not in node.value:
        return node
    parts = EXPRESSION.split(node.value)
    text = NAMELESS.join(part.replace("$", "$$") for part in parts)
    return Scalar(node.span, text, node.style or '"')
