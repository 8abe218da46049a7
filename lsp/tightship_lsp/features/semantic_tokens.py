"""Semantic tokens of Dockerfiles: what each word is, for the colours of editors."""

from __future__ import annotations

from lsprotocol import types

from tightship.lazy import regex
from tightship.syntax.dockerfile.nodes import Dockerfile
from tightship.text import Span
from tightship_lsp.features.capabilities import TOKEN_TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from tightship.syntax.dockerfile.nodes import Directive, Flag, Instruction, Pair
    from tightship_lsp.features.queries import View

    # A type of token, and its place.
    Token = tuple[str, int, int]

_DECLARED, _DEPRECATED = "declared variable", "deprecated keyword"
_MODIFIERS = {_DECLARED: 1, _DEPRECATED: 2}
_NUMBERS = {
    **{name: number for number, name in enumerate(TOKEN_TYPES)},
    **{name: TOKEN_TYPES.index(name.rpartition(" ")[2]) for name in _MODIFIERS},
}

_PIECES = {
    escape: regex(
        rf"""(?x)
        (?P<continued>{escape}[ \t]*\r?(?:\n|\Z))
        | (?P<comment>(?:(?<=\n)|(?<=\r))[ \t]*\#[^\r\n]*)
        | (?P<space>\s+)
        | (?P<variable>\$\{{(?P<name>\w+)(?:(?P<mark>:)(?P<operator>[-+?]?)(?P<operand>[^}}\s]*\}}?)
            |[^}}\s]*\}}?)|\$\w+)
        | (?P<escaped>{escape}.)
        | (?P<quote>["'])
        | (?P<bracket>[\[\],])
        | (?P<text>[^\s$"'\[\],{escape}]+|.)
        """
    )
    for escape in ("\\\\", "`")
}
_MARKS = {"continued": "macro", "comment": "comment", "bracket": "parameter"}
_ENDS = (*_MARKS, "variable", "space")
_IN_STRINGS, _EVERYWHERE = 1, 2  # the spaces that are a part of a value
_IMAGE = regex(r"(?:[^\s/@$]*[.:][^\s/@$]*/)?([^\s@]*?)(?::([^\s/@]*))?(?:@(\S*))?\Z")


def semantic_tokens(_: types.SemanticTokensParams, view: View) -> types.SemanticTokens | None:
    """Return the tokens of a Dockerfile, each relative to the one before it."""
    tree = view.outline.tree if view.outline is not None else None
    if not isinstance(tree, Dockerfile):
        return None
    data: list[int] = []
    line = column = 0
    source = view.document.source
    for kind, start, end in sorted(_Reader(tree).all(), key=lambda one: one[1:]):
        place = view.ruler.range_of(Span(source, start, end))
        if start == end or place.start.line != place.end.line:
            continue
        first, begin = place.start.line, place.start.character
        length = place.end.character - begin
        same = first == line
        data += (first - line, begin - column if same else begin, length)
        data += (_NUMBERS[kind], _MODIFIERS.get(kind, 0))
        line, column = first, begin
    return types.SemanticTokens(data)


class _Reader:
    """Yields the tokens of a file."""

    def __init__(self, file: Dockerfile) -> None:
        self._file = file
        self._text = file.source.text
        self._is_json = False
        self._pieces = _PIECES["`" if file.escape == "`" else "\\\\"]

    def all(self) -> Iterator[Token]:
        """Yield every token; their order is that of the parts of each instruction."""
        inside = [(one.span.start, one.span.end) for one in self._file.instructions]
        directives = {one.span.start: one for one in self._file.directives}
        for span in self._file.comments:
            directive = directives.get(span.start)
            if directive is not None:
                yield from self._directive(directive)
            elif not any(start < span.start < end for start, end in inside):
                yield "comment", span.start, span.end
        for one in self._file.instructions:
            yield from self._instruction(one, one.span.end)

    def _directive(self, one: Directive) -> Iterator[Token]:
        start, value = one.span.start, one.value.span
        name = start + self._text[start : value.start].lower().index(one.name)
        equals = self._text.index("=", name)
        yield "comment", start, name
        yield "property", name, name + len(one.name)
        yield "operator", equals, equals + 1
        yield "parameter", value.start, value.end

    def _instruction(self, one: Instruction, end: int) -> Iterator[Token]:
        kind = _DEPRECATED if one.name == "MAINTAINER" else "keyword"
        yield kind, one.keyword.span.start, one.keyword.span.end
        self._is_json = one.json
        at = one.keyword.span.end
        for flag in one.flags:
            yield from self._between(at, flag.span.start)
            yield from self._flag(flag)
            at = flag.span.end
        if one.trigger is not None:
            yield from self._between(at, one.trigger.span.start)
            yield from self._instruction(one.trigger, end)
        elif one.name in ("ARG", "ENV") and one.pairs:
            for pair in one.pairs:
                yield from self._between(at, pair.span.start)
                yield from self._pair(pair)
                at = pair.span.end
            yield from self._between(at, end)
        elif one.name == "FROM" and one.arguments:
            yield from self._from(one, at, end)
        elif one.name == "HEALTHCHECK" and one.arguments:
            word = one.arguments[0].span
            yield from self._between(at, word.start)
            yield "keyword", word.start, word.end
            yield from self._words(word.end, end)
        else:
            yield from self._words(at, end)

    def _between(self, start: int, end: int) -> Iterator[Token]:
        """Yield continuations and comments between two words."""
        for kind, first, last in self._words(start, end):
            if kind in ("macro", "comment"):
                yield kind, first, last

    def _flag(self, flag: Flag) -> Iterator[Token]:
        start, name = flag.span.start, flag.name.span
        yield "parameter", start, name.end
        if flag.value is None:
            return
        yield "operator", name.end, name.end + 1
        value = flag.value.span
        if flag.name.value != "mount":
            yield from self._value("property", value.start, value.end)
            return
        at = value.start
        for option in value.text.split(","):
            key, equals, _ = option.partition("=")
            yield "parameter", at, at + len(key)
            if equals:
                yield "operator", at + len(key), at + len(key) + 1
                yield from self._value("property", at + len(key) + 1, at + len(option))
            at += len(option) + 1

    def _value(self, kind: str, start: int, end: int) -> Iterator[Token]:
        """Yield a text, in which variables are tokens of their own."""
        for found, first, last in self._words(start, end):
            yield (kind if found == "parameter" else found), first, last

    def _pair(self, pair: Pair) -> Iterator[Token]:
        name = pair.name.span
        yield _DECLARED, name.start, name.end
        if pair.value is not None:
            value, whole = pair.value.span, _IN_STRINGS
            if self._text[name.end : name.end + 1] == "=":
                yield "operator", name.end, name.end + 1
            else:
                yield from self._between(name.end, value.start)
                whole = _EVERYWHERE
            yield from self._words(value.start, value.end, whole=whole)

    def _from(self, one: Instruction, at: int, end: int) -> Iterator[Token]:
        image, *words = one.arguments
        yield from self._between(at, image.span.start)
        found = _IMAGE.match(image.span.text)
        for group, kind in ((1, "class"), (2, "property"), (3, "property")):
            if found is not None and found[group]:
                start = image.span.start
                yield from self._value(kind, start + found.start(group), start + found.end(group))
        at = image.span.end
        is_named = bool(words) and words[0].value.upper() == "AS"
        kinds = ("keyword", "namespace") if is_named else ()
        for number, word in enumerate(words):
            yield from self._between(at, word.span.start)
            kind = kinds[number] if number < len(kinds) else "parameter"
            yield from self._value(kind, word.span.start, word.span.end)
            at = word.span.end
        yield from self._between(at, end)

    def _words(self, start: int, end: int, *, whole: int = 0) -> Iterator[Token]:
        """Yield words, strings and variables; spaces in strings, or all, may be a part."""
        run: int | None = None
        quote = ""
        for one in self._pieces.finditer(self._text, start, end):
            kind = self._kind(one, quote, whole)
            first, last = one.start(), one.end()
            if run is not None and (kind in _ENDS or kind == "opening"):
                yield ("string" if quote else "parameter"), run, first
                run = None
            if kind == "opening":
                run, quote = first, one[0]
            elif kind == "closing":
                yield "string", first if run is None else run, last
                run, quote = None, ""
            elif kind == "variable":
                yield from _variable(one)
            elif kind in _MARKS:
                yield _MARKS[kind], *self._mark(kind, first, last)
            elif kind == "text" and run is None:
                run = first
        if run is not None:
            yield ("string" if quote else "parameter"), run, end

    def _kind(self, one: re.Match[str], quote: str, whole: int) -> str:
        """Return what a piece is, where a quote may be open."""
        kind = one.lastgroup or ""
        if one["variable"] is not None:
            return "variable"
        if kind == "quote":
            return "opening" if not quote else "closing" if quote == one[0] else "text"
        if kind == "space":
            is_part = whole == _EVERYWHERE or (whole and quote)
            return "part" if is_part else "space"
        is_text = kind == "escaped" or (kind == "bracket" and (quote or not self._is_json))
        return "text" if is_text else kind

    def _mark(self, kind: str, first: int, last: int) -> tuple[int, int]:
        """Return the place of a continuation, a comment or a bracket."""
        if kind == "comment":
            return self._text.index("#", first), last
        return first, first + 1


def _variable(one: re.Match[str]) -> Iterator[Token]:
    if one["mark"] is None:
        yield "variable", one.start(), one.end()
        return
    yield "variable", one.start(), one.start("mark")
    yield "operator", one.start("mark"), one.end("mark")
    yield "modifier", one.start("operator"), one.end("operator")
    yield "variable", one.start("operand"), one.end("operand")
