"""The text of a YAML scalar, with the places of its characters in the file."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.syntax.shell.text import Piece
    from tightship.syntax.yaml.nodes import Scalar

_LINE_END = regex(r"\r\n|\n|\r")
_QUOTE = regex(r"''")
_ESCAPE = regex(r"(?s)\\(?:\r\n|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU]|$)")
# YAML 1.2.2, 5.7
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v",
    "f": "\f", "r": "\r", "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028",
    "P": "\u2029", "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip


def scalar_text(node: Scalar) -> Text:
    """Return the value of a scalar; a character that cannot be placed has all of it.

    Line ends that YAML folds, and escapes, have the place of what is written for them.
    """
    pieces = list(_pieces(node))
    if "".join(piece[0] for piece in pieces) != node.value:
        pieces = [(node.value, node.span.start, node.span.end)]
    return Text(node.span.source, pieces)


def _pieces(node: Scalar) -> Iterator[Piece]:
    """Yield the lines of a scalar, each without its indentation, and what joins them.

    The value decides what joins two lines: it is all that lies between their texts.
    """
    text, at, value = node.span.text, node.span.start, node.value
    start, end = 0, len(text)
    if node.style in ("'", '"'):
        start, end = 1, max(1, end - 1)
    elif node.style in ("|", ">"):
        header = _LINE_END.search(text)
        start = header.end() if header else end
    done, before = 0, at + start
    for begin, stop in _lines(text, start, end):
        for written, first, last in _undone(text, begin, stop, node.style):
            found = value.find(written, done) if written else done
            joint = value[done:found] if found >= 0 else ""
            if found < 0 or joint.strip(" \t\n"):
                return
            if joint:
                yield joint, before, max(before, at + first)
            if written:
                yield written, at + first, at + last
            done, before = found + len(written), at + last
    if value[done:].strip(" \t\n"):
        return
    if done < len(value):
        yield value[done:], before, at + end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines between two offsets without the blanks around each."""
    while start < end:
        found = _LINE_END.search(text, start, end)
        stop = found.start() if found else end
        line = text[start:stop]
        begin = start + len(line) - len(line.lstrip(" \t"))
        kept = len(line.strip(" \t"))
        if kept:
            yield begin, begin + kept
        start = found.end() if found else end


def _undone(text: str, start: int, end: int, style: str) -> Iterator[Piece]:
    """Yield the parts of a line with their escapes undone."""
    escape = {"'": _QUOTE, '"': _ESCAPE}.get(style)
    for found in escape.finditer(text, start, end) if escape else ():
        if start < found.start():
            yield text[start : found.start()], start, found.start()
        yield _value(found[0]), *found.span()
        start = found.end()
    if start < end:
        yield text[start:end], start, end


def _value(escape: str) -> str:
    if escape == "''":
        return "'"
    name = escape[1:]
    if len(name) > 1 and name[0] in "xuU":
        code = int(name[1:], 16)
        return chr(code) if code < 0x110000 else ""
    return _ESCAPED.get(name, name)
