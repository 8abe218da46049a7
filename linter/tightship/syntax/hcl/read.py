"""Reads a file of HCL, or of JSON in its place. What does not follow the grammar is a problem, and reading goes on."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.hcl.cursor import HclError
from tightship.syntax.hcl.expression import NAME, ExpressionReader
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

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

_END = regex(r"(?=[\n}])|\Z")


def read(source: Source) -> File:
    """Read a file."""
    reader = _Reader(source)
    body = reader.body(is_top=True)
    return File(body, reader.problems)


class _Reader(ExpressionReader):
    """Reads bodies: attributes and blocks."""

    def body(self, *, is_top: bool = False) -> Body:
        """Read up to the bracket that ends the body, or to the end of the file."""
        attributes, blocks = list[Attribute](), list[Block]()
        while True:
            self.space()
            if self.at >= len(self.text) or (not is_top and self.text[self.at] == "}"):
                return Body(attributes, blocks)
            start, depth = self.at, self.depth
            try:
                found = self._entry()
                if isinstance(found, Block):
                    blocks.append(found)
                else:
                    attributes.append(found)
                self._end()
            except HclError as error:
                self.note(error)
                self._recover(depth, max(start, error.at))
                self.at = max(self.at, start + 1)

    def _end(self) -> None:
        self.blank()
        if self.match(_END) is None:
            raise self.error("nothing may follow here")

    def _entry(self) -> Attribute | Block:
        start = self.at
        name = self.match(NAME)
        if name is None:
            raise self.error("a name is missing here")
        key = self.span(start)
        self.blank()
        if self.take("="):
            return self._attribute(name[0], key)
        labels = list["tuple[str, Span]"]()
        while not self.take("{"):
            labels.append(self._label())
            self.blank()
        self.deeper()
        body = self.body()
        self.depth -= 1
        if not self.take("}"):
            self.note(self.error("`}` is missing here"))
        return Block(name[0], key, labels, body, self.span(start))

    def _attribute(self, name: str, key: Span) -> Attribute:
        self.blank()
        start, depth = self.at, self.depth
        try:
            value = self.expression()
        except HclError as error:
            self.note(error)
            self._recover(depth, start)
            value = Expression(self.span(start))
        return Attribute(name, key, value, self.span(key.start))

    def _recover(self, depth: int, start: int) -> None:
        """Go on behind the line of an error."""
        self.depth, self._is_inside, self.end = depth, False, len(self.text)
        self.skip(start)

    def _label(self) -> tuple[str, Span]:
        start = self.at
        name = self.match(NAME)
        if name is not None:
            return name[0], self.span(start)
        if not self.text.startswith('"', start):
            raise self.error("`{` is missing here")
        found = self.template()
        text = "".join(one for one in found.parts if isinstance(one, str))
        return text, found.span


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
