"""Commands in exec form: lists of words that no shell reads."""

from __future__ import annotations

from tightship.syntax.shell.nodes import (
    List,
    Literal,
    Pipeline,
    Script,
    Simple,
    Unknown,
    Word,
    joined,
)
from tightship.syntax.shell.text import UNKNOWN, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.syntax.shell.nodes import Part
    from tightship.syntax.shell.text import Piece
    from tightship.text import Source


def pieces_of(word: Text) -> list[Piece]:
    """Return the pieces of a text; an empty text has one, too."""
    size = len(word.value)
    if size:
        return word.pieces(0, size)
    place = word.span(0, 0)
    return [("", place.start, place.end)]


def exec_form(source: Source, words: Iterable[list[Piece]]) -> Script:
    """Return a script of one command, whose words are given by their pieces.

    So the strings of a JSON array become a command. There is one word at least.
    """
    pieces = list["Piece"]()
    ranges, length, before = list[tuple[int, int]](), 0, 0
    for word in words:
        if ranges:
            pieces.append((" ", before, max(before, word[0][1])))
            length += 1
        start = length
        for piece in word:
            length += len(piece[0])
        ranges.append((start, length))
        pieces += word
        before = word[-1][2]
    text = Text(source, pieces)
    command = Simple(text, 0, length)
    command.words = [_as_it_is(text, *place) for place in ranges]
    pipeline, body = Pipeline(text, 0), List(text, 0)
    pipeline.commands.append(command)
    body.items.append((pipeline, ""))
    pipeline.end = body.end = length
    return Script(text, body)


def _as_it_is(text: Text, start: int, end: int) -> Word:
    value = text.value[start:end]
    if value and UNKNOWN not in value:
        return Word(text, start, end, value, (Literal(text, start, end, value, "="),))
    parts, at = list["Part"](), start
    for known in value.split(UNKNOWN):
        if at > start:
            parts.append(Unknown(text, at - 1, at))
        if known:
            parts.append(Literal(text, at, at + len(known), known, "="))
        at += len(known) + 1
    made = tuple(parts)
    return Word(text, start, end, joined(made), made)
