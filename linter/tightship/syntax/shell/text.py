"""The text that a shell reads, with the places of its characters in the file; a position in it.

A command of a Dockerfile loses its continuations and the comments between them before a
shell reads it, and a string of JSON or YAML loses its escapes.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax import SyntaxProblem
from tightship.text import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self, TypeAlias

    from tightship.syntax.shell.nodes import List, Redirection
    from tightship.text import Source

    # A part of a text, and the start and end of its place.
    Piece: TypeAlias = tuple[str, int, int]

MAX_DEPTH = 40
"""How deep commands, expansions and others may be nested."""

MAX_NODES = 100_000
"""The most words, parts of words and commands that are read of one script."""

AFTER_KEYWORD = r"(?=[ \t\n;&|<>()]|\\\n|\Z)"
"""A pattern for the end of a reserved word."""

_AHEAD = 4
_BLANKS = regex(r"(?:[ \t]|\\\n)*+")
_TOKEN = regex(
    r"&&|\|\||\|&|\||;;&|;;|;&|;|&(?!>)|\(|\)|"
    r"(?:if|then|elif|else|fi|for|while|until|do|done|case|in|esac|select|function"
    rf"|\{{|\}}|\[\[|\]\]){AFTER_KEYWORD}"
)
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


class Cursor:
    """A position in a text, and the first problem before it.

    A construct that is not closed is read to the end of the text. ``pending`` are the
    heredocs whose bodies begin on the next line.
    """

    def __init__(self, text: Text, outer: Cursor | None = None) -> None:
        self.text = text
        self.value = text.value
        self.size = len(text.value)
        self.at = 0
        self.ahead = _AHEAD * self.size
        self.depth: int = outer.depth + 1 if outer else 0
        self.left: int = outer.left if outer else MAX_NODES
        self.problem: SyntaxProblem | None = None
        self.lost: SyntaxProblem | None = None
        self.pending: list[Redirection] = []

    def fail(self, message: str, start: int, end: int) -> None:
        """Note a problem, if it is the first."""
        if self.problem is None:
            self.problem = SyntaxProblem(self.text.span(start, end), message)

    def stop(self, message: str, start: int, end: int) -> None:
        """Note a problem, and read no further."""
        self.fail(message, start, end)
        self.lost = self.lost or SyntaxProblem(self.text.span(start, end), message)
        self.at = self.size

    def spend(self, count: int = 1) -> None:
        """Count nodes; stop at too many."""
        self.left -= count
        if self.left < 0:
            self.stop("the script is too long to be read to its end", self.at, self.at)

    def deeper(self) -> bool:
        """Go one level down, or stop if that is too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.stop("commands are nested too deeply", self.at, self.at)
            return False
        return True

    def gap(self) -> None:
        """Skip blanks and a comment."""
        found = _BLANKS.match(self.value, self.at)
        self.at = found.end() if found else self.at
        if self.value.startswith("#", self.at):
            end = self.value.find("\n", self.at)
            self.at = self.size if end < 0 else end
            self.spend()

    def absorb(self, inner: Cursor) -> None:
        """Take over what a nested reader has found."""
        self.left = inner.left
        self.lost = self.lost or inner.lost
        self.problem = self.problem or inner.problem
        if self.left < 0:
            self.at = self.size

    def nested(self, text: Text) -> Self:
        """Return a reader for a text that lies within this one."""
        return type(self)(text, self)

    def commands(self, ends: frozenset[str]) -> List:
        """Read commands up to one of some tokens."""
        raise NotImplementedError

    def peek(self) -> str:
        """Return the operator or reserved word here; nothing before a word."""
        found = _TOKEN.match(self.value, self.at)
        return found[0] if found else ""

    def taken(self, token: str) -> bool:
        """Skip a token, if it is here."""
        taken = self.peek() == token
        self.at += len(token) if taken else 0
        return taken

    def missing(self, after: str, what: str = "a command") -> None:
        """Note that something is missing after a token."""
        message = f"{what} is missing after `{after}`"
        self.fail(message, self.at, min(self.at + 1, self.size))

    def unexpected(self, token: str, *, take: bool = True) -> None:
        """Note that a token is unexpected, and skip it."""
        self.fail(f"`{token}` is not expected here", self.at, self.at + len(token))
        if take:
            self.at += len(token)
