"""Reads a file of HCL. What does not follow the grammar is a problem, and reading goes on."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.syntax.hcl.cursor import HclError
from tightship.syntax.hcl.expression import NAME, ExpressionReader
from tightship.syntax.hcl.nodes import Attribute, Block, Body, Expression, File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source, Span

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
