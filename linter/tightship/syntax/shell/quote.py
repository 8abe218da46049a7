"""Undoes the quotes of a shell, and returns a word as a script within it sees it."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import Literal, Word, flat
from tightship.syntax.shell.text import UNKNOWN, Text, substituted

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

_ESCAPES = {"": regex(r"\\(.)"), '"': regex(r'\\([$`"\\])'), "<<": regex(r"\\([$`\\])")}
_ANSI = regex(
    r"\\(?:[abeEfnrtv\\'\"?]|[0-7]{1,3}|x[0-9A-Fa-f]{1,2}"
    r"|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8})"
)
_CLOSED = regex(r"(?s)\$'(?:[^'\\]|\\.)*+'")
_CONTROLS = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r",
    "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


def undo(raw: str, quote: str) -> str:
    """Return the value of a text between quotes; ``quote`` is as in ``Literal``."""
    if "\\" not in raw:
        return raw
    if quote == "$'":
        return _ANSI.sub(_ansi, raw)
    escapes = _ESCAPES.get(quote)
    return escapes.sub(lambda found: found[1], raw) if escapes else raw


def content(word: Word) -> Text:
    """Return a word as the command gets it, as its own text.

    Parts that are not certain are ``UNKNOWN`` in the text.
    """
    return word.text.replaced(word.start, word.end, _pieces(word))


def joined_content(words: Sequence[Word]) -> Text:
    """Return the contents of one or more words, joined by blanks as ``eval`` does."""
    pieces: list[tuple[str, int, int]] = []
    for word in words:
        text = content(word)
        if pieces:
            place = text.span(0, 0).start
            pieces.append((" ", place, place))
        pieces += text.pieces(0, len(text.value))
    return Text(words[0].text.source, pieces)


def _pieces(word: Word) -> Iterator[tuple[str | None, int, int]]:
    for part in flat(word.parts):
        if isinstance(part, Literal):
            yield from _literal(part)
        else:
            yield UNKNOWN, part.start, part.end


def _literal(part: Literal) -> Iterator[tuple[str | None, int, int]]:
    start, end, text = part.start, part.end, part.text.value
    if part.quote in ("'", "$'"):
        start += len(part.quote)
        end -= _is_closed(part) and end > start
    escapes = _ANSI if part.quote == "$'" else _ESCAPES.get(part.quote)
    if escapes and "\\" in part.raw:
        value = _ansi if escapes is _ANSI else None
        yield from substituted(escapes.finditer(text, start, end), start, end, value)
    else:
        yield None, start, end


def _is_closed(part: Literal) -> bool:
    if part.quote == "'":
        return part.raw.endswith("'")
    return _CLOSED.fullmatch(part.raw) is not None


def _ansi(found: re.Match[str]) -> str:
    """Return the character of an escape in ``$'…'``, or the escape if it is unknown."""
    name = found[0][1:]
    if name in _CONTROLS:
        return _CONTROLS[name]
    code = int(name, 8) if name[0] in "01234567" else int(name[1:], 16)
    # Larger ones are bytes of a character, surrogates, or no character at all.
    if code < 0x80 or (name[0] in "uU" and code < 0xD800):
        return chr(code)
    return found[0]
