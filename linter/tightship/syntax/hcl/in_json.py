"""HCL in JSON, as the same syntax tree: a text is a template."""

from __future__ import annotations

from tightship.syntax.hcl.cursor import HclError
from tightship.syntax.hcl.expression import ExpressionReader
from tightship.syntax.hcl.nodes import (
    Attribute,
    Block,
    Body,
    Expression,
    File,
    Items,
    Literal,
    Table,
    Template,
)
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.syntax.yaml.read import read as read_yaml
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

_CONSTANTS = {"true": True, "false": False, "null": None}


def read_json(source: Source, kinds: Collection[str]) -> File:
    """Read a file, in which keys of some kinds have blocks by their labels."""
    stream = read_yaml(source)
    blocks = list[Block]()
    attributes = list[Attribute]()
    for key, value in _entries(stream.root):
        if key.value not in kinds:
            attributes.append(_attribute(key, value))
            continue
        for label, body in _entries(value):
            inner = Body([_attribute(*one) for one in _entries(body)], ())
            span = Span(source, label.span.start, body.span.end)
            labels = [(label.value, label.span)]
            blocks.append(Block(key.value, key.span, labels, inner, span))
    return File(Body(attributes, blocks), stream.problems)


def _entries(node: Node | None) -> Iterator[tuple[Scalar, Node]]:
    """Yield keys with their values; a list of mappings has those of each (HCL JSON syntax)."""
    for one in node.items if isinstance(node, Sequence) else (node,):
        for key, value in one.entries if isinstance(one, Mapping) else ():
            if isinstance(key, Scalar):
                yield key, value


def _attribute(key: Scalar, value: Node) -> Attribute:
    span = Span(key.span.source, key.span.start, value.span.end)
    return Attribute(key.value, key.span, _expression(value), span)


def _expression(node: Node) -> Expression:
    if isinstance(node, Sequence):
        return Items(node.span, [*map(_expression, node.items)])
    if isinstance(node, Mapping):
        entries = [
            (Template(key.span, (key.value,)), _expression(value)) for key, value in _entries(node)
        ]
        return Table(node.span, entries)
    if not isinstance(node, Scalar):
        return Expression(node.span)
    if node.style:
        return _template(node)
    if node.value in _CONSTANTS:
        return Literal(node.span, _CONSTANTS[node.value])
    return Template(node.span, (node.value,))


def _template(node: Scalar) -> Expression:
    """Return a text; what is in `${…}` has to be written as it is read."""
    if "{" not in node.value:
        return Template(node.span, (node.value,))
    reader = ExpressionReader(node.span.source)
    reader.at = node.span.start
    try:
        found = reader.template()
    except HclError:
        return Expression(node.span)
    inserted = (one for one in found.parts if not isinstance(one, str))
    return found if all("\\" not in one.span.text for one in inserted) else Expression(node.span)
