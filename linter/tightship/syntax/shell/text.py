"""The text that a shell reads, with the places of its characters in the file.

A command of a Dockerfile loses its continuations and the comments between them before a
shell reads it, and a string of JSON or YAML loses its escapes.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy import regex
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from tightship.text import Source

    # A part of a text, and the start and end of its place.
    Piece: TypeAlias = tuple[str, int, int]

_TABS = regex(r"(?m)^\t+")

UNKNOWN = "\0"
"""The character for text that is unknown before the script runs."""


class Text:
    r"""A text of pieces, each with its place in one source.

    ``UNKNOWN`` in the value is any text, or none: the value of a variable, or the
    output of a command. No shell keeps a ``\0`` of its input.
    """

    __slots__ = ("_places", "_starts", "source", "value")

    def __init__(self, source: Source, pieces: Iterable[Piece]) -> None:
        r"""Join pieces: each is its text, and the start and end of its place.

        If both are equally long, each character has a place of its own; else each has
        the whole place, as the ``"`` that JSON writes as ``\"``. An empty piece gives
        an empty text a place.
        """
        length = 0
        values: list[str] = []
        starts: list[int] = []
        places: list[tuple[int, int, bool]] = []
        for value, start, end in pieces:
            size = len(value)
            values.append(value)
            starts.append(length)
            places.append((start, end, end - start == size))
            length += size
        self.source = source
        self.value = "".join(values)
        self._starts = starts or [0]
        self._places = places or [(0, 0, True)]

    def __repr__(self) -> str:
        return f"Text({self.value!r})"

    @classmethod
    def of(cls, *spans: Span) -> Text:
        """Return the joined text of spans of one source."""
        pieces = [(span.text, span.start, span.end) for span in spans]
        return cls(spans[0].source, pieces)

    def span(self, start: int, end: int) -> Span:
        """Return the place of a part of the value, from its first to its last piece.

        The place includes text between pieces that the shell does not read.
        """
        first = bisect_right(self._starts, start) - 1
        place, place_end, exact = self._places[first]
        begin = place + start - self._starts[first] if exact else place
        if start >= end:
            return Span(self.source, min(begin, place_end), min(begin, place_end))
        last = bisect_right(self._starts, end - 1) - 1
        place, place_end, exact = self._places[last]
        return Span(self.source, begin, place + end - self._starts[last] if exact else place_end)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of a part of the value."""
        found: list[Piece] = []
        number = bisect_right(self._starts, start) - 1
        while start < end:
            later = number + 1
            stop = self._starts[later] if later < len(self._starts) else end
            stop = min(stop, end)
            place, place_end, exact = self._places[number]
            if exact:
                place += start - self._starts[number]
                place_end = place + stop - start
            if start < stop:
                found.append((self.value[start:stop], place, place_end))
            start, number = stop, later
        return found

    def replaced(self, start: int, end: int, parts: Iterable[tuple[str | None, int, int]]) -> Text:
        """Return a text of parts of this one, some of them with other text.

        Each part has its text, or ``None`` to keep it, and its start and end; ``start``
        and ``end`` give an empty text its place.
        """
        pieces: list[Piece] = []
        for value, part, part_end in parts:
            if value is None:
                pieces += self.pieces(part, part_end)
            else:
                place = self.span(part, part_end)
                pieces.append((value, place.start, place.end))
        if not pieces:
            place = self.span(start, end)
            pieces.append(("", place.start, place.end))
        return Text(self.source, pieces)

    def without_leading_tabs(self, start: int, end: int) -> Text:
        """Return whole lines of this text as ``<<-`` has them."""
        parts: list[tuple[str | None, int, int]] = []
        for found in _TABS.finditer(self.value, start, end):
            parts.append((None, start, found.start()))
            start = found.end()
        return self.replaced(start, end, [*parts, (None, start, end)])


def substituted(
    found: Iterable[re.Match[str]],
    start: int,
    end: int,
    value: Callable[[re.Match[str]], str] | None = None,
) -> Iterator[tuple[str | None, int, int]]:
    """Yield the parts of a text with other text, or the first group, for each match."""
    for one in found:
        yield None, start, one.start()
        yield value(one) if value else one[1], *one.span()
        start = one.end()
    yield None, start, end
