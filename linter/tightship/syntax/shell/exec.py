"""Commands that no shell reads: lists of words, and the command line of Compose."""

from __future__ import annotations

import re

from tightship.lazy.regex import regex
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
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.syntax.shell.nodes import Part
    from tightship.syntax.shell.text import Piece
    from tightship.text import Source

MAX_WORDS = 20_000
"""How many words are read of a command line."""

_WORD = regex(
    r"""(?:[^ \t\r\n"'`\\$;&|<>()]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+'|`[^`]*+`"""
    r"""|\$\([^)]*+\)|\$)++""",
    re.DOTALL,
)
_BLANKS = regex(r"[ \t\r\n]*+")
_QUOTES = regex(
    r"""\\(.)|"((?:[^"\\]|\\.)*+)"|'([^']*+)'|`[^`]*+`|\$\([^)]*+\)""", re.DOTALL
)
_ESCAPE = regex(r"\\(.)", re.DOTALL)


def exec_form(words: Sequence[Text]) -> Script:
    """Return a script of the one command whose words these are, as they are.

    So the strings of a JSON array or a YAML list become a command. There must be one
    at least, and all of one source.
    """
    return exec_form_of(words[0].source, map(pieces_of, words))


def pieces_of(word: Text) -> list[Piece]:
    """Return the pieces of a text, of which an empty one has one as well."""
    size = len(word.value)
    if size:
        return word.pieces(0, size)
    place = word.span(0, 0)
    return [("", place.start, place.end)]


def exec_form_of(source: Source, words: Iterable[list[Piece]]) -> Script:
    """Return the same of words that are given as what each of them is made of."""
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


def command_line(text: Text) -> Script:
    r"""Return the command that Compose makes of a text.

    Quotes and backslashes group and escape; ``$`` and a backquote stay. The text ends
    where an operator of a shell is not quoted, as in ``a && b``, which runs ``a``
    (verified with docker-compose 2.26.1). A text without words is an empty script.
    """
    words, at = list[Text](), 0
    while len(words) < MAX_WORDS:
        blanks = _BLANKS.match(text.value, at)
        found = _WORD.match(text.value, blanks.end() if blanks else at)
        if found is None:
            break
        at = found.end()
        words.append(text.replaced(*found.span(), _unquoted(found)))
    script = exec_form(words) if words else Script(text, List(text, 0))
    script.lost = len(words) == MAX_WORDS
    return script


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


def _unquoted(word: re.Match[str]) -> Iterator[tuple[str | None, int, int]]:
    """Yield the pieces of a word of Compose."""
    start, end = word.span()
    for quote in _QUOTES.finditer(word.string, start, end):
        group = quote.lastindex
        if group is None:
            continue
        yield None, start, quote.start()
        start = quote.start(group)
        if group == 2:
            for escape in _ESCAPE.finditer(word.string, start, quote.end(group)):
                yield None, start, escape.start()
                start = escape.start(1)
        yield None, start, quote.end(group)
        start = quote.end()
    yield None, start, end
