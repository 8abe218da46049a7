"""The statements of a Makefile with their places, and its recipes as a shell gets them.

GNU make's manual has the syntax. In a recipe, variables that hold an engine's words have these,
other variables of make are unknown to the shell, and ``$$`` is ``$``.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from tightship.syntax.shell.text import Piece
    from tightship.text import Source

_LINE = regex(r"(?:[^\\\n]++|\\(?:\r\n|(?s:.)))++")
_ASSIGNS = regex(
    r"(?s) *+((?:(?:export|override|private) ++)*+)([\w.-]++)\s*+(:{1,3}|[?+!])?=[ \t]*+(.*)"
)
_TARGET_ASSIGNS = regex(r"(?s)([^:=#\s][^:=#]*+)::?\s*+((?:export )?[\w.-]++\s*+[:?+]?:?=.*)")
_RULE = regex(r"(?s)([^\s:=#][^:=#]*+)::?(?!=)([^;]*+)(?:;(.*))?")
_DIRECTIVE = regex(r"(?s) *+([-s]?include|export|ifn?eq|ifn?def|else|endif)\b[ \t]*+(.*)")
_DEFINE = regex(r" *+(?:override |export )?define\b")
_PREFIX = regex(r"[@+\s-]*")
_COMMENT = regex(r"(?<!\\)#")
_REFERENCE = regex(r"\$(?:\$|\([^()\n]*\)|\{[^{}\n]*\}|[@<^?*%\w])|\r(?=\n|\Z)")
_MOST_DEFINED, _MOST_PIECES, _DEEPEST = 2_000, 500, 4


class Statement(Record):
    """A statement of a Makefile.

    ``kind`` is ``recipe``, ``canned`` (a line of a ``define``), ``rule``, ``assignment``, or a
    directive: ``include``, ``export``, ``if``, ``else``, ``endif``. ``start`` and ``end`` are the
    place of what it has: the commands of a recipe, the prerequisites of a rule, a value.
    ``targets`` are those of a recipe, of a rule, and of an assignment for them alone.
    """

    kind: str
    start: int
    end: int
    targets: Sequence[str] = ()
    name: str = ""
    operator: str = ""
    is_exported: bool = False


def statements(text: str) -> Iterator[Statement]:
    """Yield the statements of a Makefile."""
    targets, is_defined = list[str](), False
    for line in _LINE.finditer(text):
        start, end = line.span()
        if is_defined or _DEFINE.match(text, start, end):
            is_defined = not text.startswith("endef", start)
            if text[start] == "\t":
                yield Statement("canned", _behind_prefix(text, start, end), end)
        elif text[start] == "\t" and targets:
            yield Statement("recipe", _behind_prefix(text, start, end), end, targets)
        else:
            for one in _statement(text, start, end):
                targets = [*one.targets] if one.kind == "rule" else targets
                yield one


def _statement(text: str, start: int, end: int, targets: Sequence[str] = ()) -> Iterator[Statement]:
    """Yield the statement of a line that is no recipe, and the recipe behind a rule."""
    if (found := _ASSIGNS.fullmatch(text, start, end)) is not None:
        comment = _COMMENT.search(text, found.start(4), end)
        end = comment.start() if comment is not None else end
        value = text[found.start(4) : end].rstrip()
        span = found.start(4), found.start(4) + len(value)
        exports = "export" in found[1]
        yield Statement("assignment", *span, targets, found[2], found[3] or "", exports)
    elif targets:
        return
    elif (found := _DIRECTIVE.match(text, start, end)) is not None:
        kind = "if" if found[1].startswith("if") else found[1].lstrip("-s")
        yield Statement(kind, *found.span(2))
    elif (found := _TARGET_ASSIGNS.match(text, start, end)) is not None:
        yield from _statement(text, found.start(2), end, found[1].split())
    elif (found := _RULE.match(text, start, end)) is not None:
        targets = found[1].split()
        yield Statement("rule", *found.span(2), targets)
        if found[3]:
            yield Statement("recipe", _behind_prefix(text, found.start(3), end), end, targets)


def _behind_prefix(text: str, start: int, end: int) -> int:
    found = _PREFIX.match(text, start, end)
    return found.end() if found is not None else start


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


def recipes(source: Source, mentions: Callable[[str], bool]) -> Iterator[Text]:
    """Yield the recipes, and the values of variables that none of them has.

    Args:
        source: the Makefile.
        mentions: returns whether a text may have a command of an engine.

    """
    found = [*statements(source.text)]
    every, single = _definitions(found)
    held = _held(source.text, {name: every[name] for name in single}, mentions)
    used = set[str]()
    for one in found:
        if one.kind in ("recipe", "canned"):
            yield _expanded(source, one.start, one.end, held, used)
    for name, values in every.items():
        if name not in used:
            for value in values:
                yield _expanded(source, value.start, value.end, held, set())


def _definitions(every: Sequence[Statement]) -> tuple[dict[str, list[_Value]], Collection[str]]:
    """Return the values of each variable, and the variables with one and what is added to it."""
    found: dict[str, list[_Value]] = {}
    first: dict[str, int] = {}
    depth = 0
    for one in every:
        depth += {"if": 1, "endif": -1}.get(one.kind, 0)
        if one.kind != "assignment":
            continue
        is_sure = not one.targets and (one.operator != "+" or depth <= first.get(one.name, depth))
        first.setdefault(one.name, depth)
        found.setdefault(one.name, []).append(_Value(one.start, one.end, is_sure))
        if one.operator != "+" and len(found[one.name]) > 1:
            first[one.name] = -1  # it has several values
    return found, [name for name in found if first[name] >= 0]


def _held(
    text: str, every: dict[str, list[_Value]], mentions: Callable[[str], bool]
) -> dict[str, list[_Value]]:
    """Return the variables that begin with a command of an engine."""
    held = {
        name: values
        for name, values in every.items()
        if mentions(f"{text[values[0].start : values[0].end]}\n")
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
