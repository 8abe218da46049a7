"""The Dockerfile in a Compose file: ``dockerfile_inline``."""

from __future__ import annotations

from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.value import ScalarValue


class InlineDockerfile:
    """The text of a ``dockerfile_inline``, as its own source.

    A place in it is the same place in the Compose file where the line is literal
    there, as in a block with ``|``. Otherwise the whole line or value stands for it.
    """

    __slots__ = ("_leaf", "_lines", "service", "source")

    def __init__(self, leaf: ScalarValue, service: str) -> None:
        """Make a source of a value; ``service`` is the name of the service."""
        self._leaf = leaf
        self.service = service
        self.source = Source(f"{leaf.span.source.name} ({service})", leaf.text)
        self._lines: list[tuple[int, int, bool]] | None = None

    def place(self, span: Span) -> Span:
        """Return the place of a part of the text in the Compose file."""
        start, _ = self._offset(span.start)
        _, end = self._offset(span.end)
        return Span(self._leaf.span.source, start, max(start, end))

    def is_literal(self, span: Span) -> bool:
        """Return whether a part of one line is literal in the Compose file."""
        first, last = self.source.point(span.start)[0], self.source.point(span.end)[0]
        lines = self._places()
        return first == last < len(lines) and lines[first][2]

    def _offset(self, offset: int) -> tuple[int, int]:
        """Return the place of a character, as the start and as the end of a span."""
        number, column = self.source.point(offset)
        lines = self._places()
        if number >= len(lines):
            return self._leaf.span.start, self._leaf.span.end
        start, end, literal = lines[number]
        return (start + column, start + column) if literal else (start, end)

    def _places(self) -> list[tuple[int, int, bool]]:
        """Return start and end of each line, and whether it is literal there."""
        if self._lines is None:
            self._lines = self._found() if self._leaf.node.style == "|" else []
        return self._lines

    def _found(self) -> list[tuple[int, int, bool]]:
        whole, source = self._leaf.span, self._leaf.span.source
        number = source.point(whole.start)[0] + 1  # behind the line with `|`
        lines, indent = self.source.text.split("\n"), None
        found = list[tuple[int, int, bool]]()
        for line in lines:
            if number >= len(source.line_starts):
                break
            start, written = source.line_starts[number], source.line(number)
            if indent is None and line:
                indent = len(written) - len(written.lstrip(" "))
                indent -= len(line) - len(line.lstrip(" "))
            begin = start + min(indent or 0, len(written))
            end = start + len(written)
            found.append((begin, end, source.text[begin:end] == line))
            number += 1
        return found
