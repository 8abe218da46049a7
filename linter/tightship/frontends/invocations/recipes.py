"""The recipes of a Makefile as a shell gets them, with the variables that hold an engine's words.

Other variables of make are unknown to the shell, and ``$$`` is ``$``.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Sequence

    from tightship.syntax.shell.text import Piece
    from tightship.text import Source

_VALUE = r"((?:[^\\\n]|\\\r?\n\t?|\\.)*)"
# A recipe may begin on the line of its rule, after `;`.
_RECIPE = regex(rf"(?m)^(?:\t|[^\s#:=;][^:=;\n]*::?[^:=;\n]*;[ \t]*)[@+-]*{_VALUE}")
_DEFINED = regex(rf"(?m)^ *(?:export )?([\w.-]+)[ \t]*(:{{0,3}}|[?+])=[ \t]*{_VALUE}")
_NESTED = regex(r"(?m)^[ \t]*(ifdef|ifndef|ifeq|ifneq|endif)\b")
_REFERENCE = regex(r"\$(?:\$|\([^()\n]*\)|\{[^{}\n]*\}|[@<^?*%\w])|\r(?=\n|\Z)")
_MOST_DEFINED, _MOST_PIECES, _DEEPEST = 2_000, 500, 4


class ExpandedText(Text):
    """A text with values of variables in it, each at the place where it is given.

    ``home`` is the recipe, and ``references`` are the variables in it.
    """

    __slots__ = ("home", "references")

    def __init__(
        self, source: Source, pieces: Sequence[Piece], home: Span, references: Sequence[Span]
    ) -> None:
        super().__init__(source, pieces)
        self.home = home
        self.references = references

    def whole(self, places: Sequence[Span]) -> tuple[Span, int]:
        """Return the place of a command in the recipe, and where its first variable ends."""
        own = [one for one in places if self.home.start <= one.start and one.end <= self.home.end]
        before = [one for one in self.references if not own or one.end <= own[0].start]
        first = before[-1 if own else 0] if before else self.home
        start = own[0].start if own and own[0] is places[0] else first.start
        end = next((one.end for one in self.references if one.start >= start), first.end)
        return Span(self.source, start, own[-1].end if own else first.end), end


class _Value(Record):
    """What a definition gives a variable; ``is_sure`` unless only some runs have it."""

    start: int
    end: int
    is_sure: bool


def recipes(source: Source, mentions: re.Pattern[str]) -> Iterator[Text]:
    """Yield the recipes, and the values of variables that none of them has.

    Args:
        source: the Makefile.
        mentions: finds a command of an engine.

    """
    every, single = _definitions(source.text)
    held = _held(source.text, {name: every[name] for name in single}, mentions)
    used = set[str]()
    texts = [_expanded(source, *one.span(1), held, used) for one in _RECIPE.finditer(source.text)]
    for name, values in every.items():
        if name not in used:
            for one in values:
                texts.append(_expanded(source, one.start, one.end, held, set()))
    yield from texts


def _definitions(text: str) -> tuple[dict[str, list[_Value]], Collection[str]]:
    """Return the values of each variable, and the variables with one and what is added to it."""
    nested = sorted((one.start(), -1 if one[1] == "endif" else 1) for one in _NESTED.finditer(text))
    found: dict[str, list[_Value]] = {}
    first: dict[str, int] = {}
    at = depth = 0
    for one in _DEFINED.finditer(text):
        while at < len(nested) and nested[at][0] < one.start():
            depth += nested[at][1]
            at += 1
        is_sure = one[2] != "+" or depth <= first.get(one[1], depth)
        first.setdefault(one[1], depth)
        found.setdefault(one[1], []).append(_Value(*one.span(3), is_sure))
        if one[2] != "+" and len(found[one[1]]) > 1:
            first[one[1]] = -1  # it has several values
    return found, [name for name in found if first[name] >= 0]


def _held(
    text: str, every: dict[str, list[_Value]], mentions: re.Pattern[str]
) -> dict[str, list[_Value]]:
    """Return the variables that begin with a command of an engine."""
    held = {
        name: values
        for name, values in every.items()
        if mentions.search(text, values[0].start, values[0].end + 1)
    }
    for _ in range(_DEEPEST):
        more = {
            name: values
            for name, values in every.items()
            if name not in held and _name(_first(text, values[0])) in held
        }
        held |= more
    return held if len(held) <= _MOST_DEFINED else {}


def _first(text: str, value: _Value) -> str:
    found = _REFERENCE.match(text, value.start, value.end)
    return found[0] if found is not None else ""


def _name(reference: str) -> str:
    return reference[2:-1] if reference[1:2] in ("(", "{") else ""


def _expanded(
    source: Source, start: int, end: int, held: dict[str, list[_Value]], used: set[str]
) -> Text:
    pieces, references = list["Piece"](), list[Span]()
    for piece, name in _pieces(source.text, start, end, held, ()):
        pieces.append(piece)
        if name:
            used.add(name)
            references.append(Span(source, piece[1], piece[2]))
    # A piece of a reference has no text; its value follows.
    home = Span(source, start, end)
    own = [one for one in references if start <= one.start and one.end <= end]
    made = [piece for piece in pieces if piece[0]]
    return ExpandedText(source, made, home, own) if own else Text(source, made or pieces)


def _pieces(
    text: str, start: int, end: int, held: dict[str, list[_Value]], around: Collection[str]
) -> Iterator[tuple[Piece, str]]:
    """Yield the pieces of a text, and before those of a variable an empty one with its name."""
    for found in _REFERENCE.finditer(text, start, end):
        yield (text[start : found.start()], start, found.start()), ""
        start, name = found.end(), _name(found[0])
        if name not in held or name in around or len(around) >= _DEEPEST:
            yield (_of_make(found[0]), *found.span()), ""
            continue
        yield ("", *found.span()), name
        for number, one in enumerate(held[name][:_MOST_PIECES]):
            if number:
                yield (" ", one.start, one.start), ""
            if one.is_sure:
                yield from _pieces(text, one.start, one.end, held, (*around, name))
            else:
                yield ('"$@"', one.start, one.end), ""  # any words
    yield (text[start:end], start, end), ""


def _of_make(reference: str) -> str:
    if reference == "$$":
        return "$"
    return "" if reference == "\r" else UNKNOWN
