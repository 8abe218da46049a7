"""Text, places in it, and edits: the only way in which Tightship changes text.

Knows nothing of YAML, Docker or rules.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_LINE_BREAK = regex(r"\r\n|\n|\r")
_LONGEST = 20_000


class Source(Record, frozen=False):
    """The text of one file; every :class:`Span` belongs to exactly one.

    ``name`` is the one that findings show, relative, with ``/``.
    Offsets count code points. A byte order mark is not part of ``text``; ``bom`` is
    true if one has to be put back when the text is written. ``lost`` lists the offsets
    where U+FFFD replaces bytes that are not UTF-8: such a text cannot be written back.
    """

    name: str
    text: str
    bom: bool = False
    lost: tuple[int, ...] = ()
    _line_starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def marked(self, text: str) -> str:
        """Return another text for the file, with its byte order mark."""
        return f"\ufeff{text}" if self.bom else text

    @property
    def line_starts(self) -> list[int]:
        r"""Return where each line begins; ``\n``, ``\r\n`` and a lone ``\r`` end one.

        These are the line ends that editors know. Others that YAML libraries
        count (U+0085, U+2028) do not move a line number here.
        """
        starts = self._line_starts
        if starts is None:
            text, starts = self.text, [0]
            if "\r" in text:
                starts += (match.end() for match in _LINE_BREAK.finditer(text))
            else:
                while end := text.find("\n", starts[-1]) + 1:
                    starts.append(end)
            self._line_starts = starts
        return starts

    @property
    def newline(self) -> str:
        r"""Return the line end that this text uses first (``\n`` if it has none)."""
        found = _LINE_BREAK.search(self.text) if "\r" in self.text else None
        return found[0] if found else "\n"

    def point(self, offset: int) -> tuple[int, int]:
        """Return the 0-based line and code-point column of an offset."""
        starts = self._line_starts or self.line_starts
        line = bisect_right(starts, offset) - 1
        return line, offset - starts[line]

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset starts."""
        return self.line_starts[bisect_right(self.line_starts, offset) - 1]

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        # A line may be as long as the file, so it is not searched again each time.
        number = bisect_right(self.line_starts, offset)
        if number == len(self.line_starts):
            return len(self.text)
        after = self.line_starts[number]
        is_pair = self.text.startswith("\r\n", after - 2)
        return max(offset, after - 2 if is_pair else after - 1)

    def line(self, number: int) -> str:
        """Return a line by its 0-based number, without its line end."""
        start = self.line_starts[number]
        return self.text[start : self.line_end(start)]


class Span(Record, frozen=False):
    """A half-open range of code points in a source: ``source.text[start:end]``."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the text that the span covers."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """Return the line that it begins on, from 1."""
        return self.source.point(self.start)[0] + 1

    @property
    def place(self) -> str:
        """Return its file and its line, as ``FILE:LINE``."""
        return f"{self.source.name}:{self.line}"

    @property
    def order(self) -> tuple[str, int, int]:
        """Return what spans are sorted by: file, start, end."""
        return self.source.name, self.start, self.end

    def contains(self, other: Span) -> bool:
        """Return whether another span lies within this one, in the same source."""
        return self.source is other.source and self.start <= other.start and other.end <= self.end

    def within(self, start: int, end: int) -> Span:
        """Return a part of this one, by offsets from its start."""
        return Span(self.source, self.start + start, self.start + end)

    def part(self, text: str) -> Span:
        """Return the span of a text within this one, if it is there exactly once.

        Else, and for a very long span, return this span: many parts may be asked for.
        """
        if not text or self.end - self.start > _LONGEST:
            return self
        start = self.source.text.find(text, self.start, self.end)
        if start < 0 or self.source.text.find(text, start + 1, self.end) >= 0:
            return self
        return Span(self.source, start, start + len(text))

    def __lt__(self, other: Span) -> bool:
        return self.order < other.order

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Span)
            and self.start == other.start
            and self.end == other.end
            and self.source.name == other.source.name
        )

    def __hash__(self) -> int:
        return hash((self.source.name, self.start, self.end))

    def __repr__(self) -> str:
        line, column = self.source.point(self.start)
        return f"Span({self.source.name}:{line + 1}:{column + 1} {self.text!r})"


class Edit(Record):
    """Replace what a span covers with other text.

    ``adds_to`` is what an insertion continues, such as a list. It has no place once
    another edit replaces all of that. ``head`` is the beginning of a text that others
    at the same place continue, such as a key that is there once, and ``tail`` is its end, such as
    the bracket of a list.
    """

    span: Span
    text: str
    adds_to: Span | None = None
    head: str = ""
    tail: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edit) and self.span == other.span and self.text == other.text

    def __hash__(self) -> int:
        return hash((self.span, self.text))

    def __repr__(self) -> str:
        return f"Edit({self.span!r} -> {self.text!r})"


def joined(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return edits in which those at one place with the same head are one."""
    if len(edits) < 2 or not any(edit.head for edit in edits):
        return edits
    made: dict[object, Edit] = {}
    for edit in edits:
        key = (edit.span, edit.head) if edit.head else edit
        known = made.get(key)
        if known is None:
            made[key] = edit
        else:
            between = ", " if edit.tail else ""
            text = known.text.removesuffix(edit.tail) + between + edit.text.removeprefix(edit.head)
            made[key] = Edit(edit.span, text, adds_to=edit.adds_to, head=edit.head, tail=edit.tail)
    return tuple(made.values())


class OverlapError(ValueError):
    """Two edits exclude each other: neither can be applied.

    Both replace the same characters, or one replaces what the other adds to.
    """


def apply_edits(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text of a source after the edits that belong to it.

    Edits of other sources are skipped, so that a fix that spans files can be
    applied file by file. Two insertions at one place keep their order, but lines
    indented deeper come first, since they belong to what ends there; equal edits,
    which several findings may share, count once.

    Raises:
        OverlapError: if two different edits change the same characters, or one adds to
            what another one replaces.

    """
    mine = dict.fromkeys(edit for edit in edits if edit.span.source is source)
    text, done = source.text, 0
    pieces: list[str] = []
    gone: Span | None = None
    for edit in sorted(mine, key=_place):
        if edit.span.start < done:
            raise OverlapError(f"{edit!r} overlaps the edit before it")
        added = edit.adds_to
        if gone and added and gone.start <= added.start and added.end <= gone.end:
            raise OverlapError(f"{edit!r} adds to what the edit before it replaces")
        if edit.span.start < edit.span.end:
            gone = edit.span
        pieces += text[done : edit.span.start], edit.text
        done = edit.span.end
    return "".join(pieces) + text[done:]


def _place(edit: Edit) -> tuple[int, int, int]:
    """Return the sort key of an edit; a list's dash is deeper than its key."""
    line = edit.text.lstrip("\r\n")
    new_line = len(line) < len(edit.text)
    depth = len(line) - len(line.lstrip(" ")) if new_line else 0
    deeper = 2 * depth + line.lstrip(" ").startswith("- ")
    return edit.span.start, edit.span.end, -deeper


def shortened(text: str) -> str:
    """Return a text that a message can quote."""
    return text if len(text) <= 40 else text[:39] + "…"


def first_of(words: Sequence[str], most: int, sign: str = ", ") -> str:
    """Return the first of some words with a sign between them, and how many more there are."""
    more = len(words) - most
    shown = sign.join(words[:most])
    return f"{shown} and {more} more" if more > 0 else shown


def alternatives(words: Sequence[str]) -> str:
    """Return words in backticks, with commas and "or" between them."""
    *others, last = (f"`{word}`" for word in words)
    return f"{', '.join(others)} or {last}" if others else last
