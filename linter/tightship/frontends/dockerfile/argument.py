r"""A word of an instruction, with its value after expansion: quotes, escapes and variables.

The language is that of BuildKit's own lexer (frontend/dockerfile/shell/lex.go,
``ProcessWord`` and ``ProcessWords``), not that of a shell: ``$`` before anything but a
name is itself, quotes in the operand of ``#``, ``%`` and ``/`` do not make its ``*``
and ``?`` literal, and an operand is expanded, and can be rejected, even if it does not
count.

A part that is known only in the build stays a hole ``${NAME}``, as in Compose's
expansion. A literal ``${NAME}`` (from ``\${NAME}``) looks the same: ``decided`` is the
difference. A reader of the text alone takes both for undecided, which is safe.
"""

from __future__ import annotations

from tightship.frontends.dockerfile.expander import Expander, join, plain, sure
from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.syntax.dockerfile.words import SPACE
from tightship.values.hole import LIMIT

if TYPE_CHECKING:
    from tightship.frontends.dockerfile.expander import Lookup, Piece
    from tightship.frontends.dockerfile.variable import Read, Variable
    from tightship.syntax.dockerfile.nodes import Word
    from tightship.text import Span
    from tightship.values.variable import ValueProblem


_GAP = regex(f"[{SPACE}]+")


class Expansion(Record):
    """The value of a word.

    ``decided`` is true if all of the text is known. With a ``problem`` the text is the
    raw word, and not decided. ``words`` are the words that :func:`expand_words` splits
    the value into, each with its own text; then ``decided`` includes their number.
    """

    text: str
    reads: tuple[Read, ...] = ()
    problem: ValueProblem | None = None
    words: tuple[Expansion, ...] = ()
    decided: bool = True

    def __repr__(self) -> str:
        return f"Expansion({self.text!r}, {'decided' if self.decided else 'open'})"


def expand(raw: str, escape: str, lookup: Lookup, limit: int = LIMIT) -> Expansion:
    r"""Expand a word as ``ProcessWord`` does; ``escape`` is ``\` or a backtick.

    A ``${X…}`` with an unknown value leaves a hole ``${X}``, also if X is known and the
    pattern is not. Values that no longer fit into ``limit`` characters stay holes, so
    that nested values cannot blow up, and so do patterns that would take too long.
    """
    if plain(raw, escape):
        return Expansion(raw)
    run = Expander(raw, escape, lookup, limit)
    if run.problem:
        return Expansion(raw, run.reads(), run.problem, decided=False)
    return Expansion(join(run.out), run.reads(), decided=sure(run.out))


def expand_words(raw: str, escape: str, lookup: Lookup) -> Expansion:
    """Expand a word as ``ProcessWords`` does, and split it at white space.

    White space in values splits, too, unless it is in quotes. Empty words are dropped,
    quoted or not. So is the text before an operand in BuildKit 0.25, which has one buffer
    for both: ``80/${P:-tcp}`` expands to ``tcp``. BuildKit 0.13 keeps it, so that such a
    word is undecided.
    """
    run = Expander(raw, escape, lookup, LIMIT)
    if run.problem:
        whole = Expansion(raw, decided=False)
        return Expansion(raw, run.reads(), run.problem, (whole,), decided=False)
    decided = sure(run.out)
    return Expansion(join(run.out), run.reads(), words=_split(run), decided=decided)


def _split(run: Expander) -> tuple[Expansion, ...]:
    words: list[Expansion] = []
    word: list[Piece] = []
    ends = [begin for begin, _ in run.parts[1:]] + [len(run.out)]
    for number, end in enumerate(ends):
        begin, splits = run.parts[number]
        if number in run.wiping:
            # Undecided from here on, if there is something to lose.
            word = [("", not join(word))]
        for piece in run.out[begin:end]:
            first, *rest = _GAP.split(piece[0]) if splits else [piece[0]]
            word.append((first, piece[1]))
            for text in rest:
                words += _word(word)
                word = [(text, piece[1])]
    return (*words, *_word(word))


def _word(pieces: list[Piece]) -> list[Expansion]:
    text = join(pieces)
    return [Expansion(text, decided=sure(pieces))] if text else []


class Argument:
    """A word and its value.

    ``text`` has a hole, ``${NAME}``, for each part that is known only in the build, and
    is ``decided`` if it has none. A build argument has the value of its default:
    ``defaults`` names those.
    """

    __slots__ = ("_escape", "_expansion", "_lookup", "raw", "span")

    def __init__(self, word: Word, escape: str, lookup: Lookup) -> None:
        self.span: Span = word.span
        self.raw: str = word.value
        self._escape = escape
        self._lookup = lookup
        self._expansion: Expansion | None = None

    def __repr__(self) -> str:
        return f"Argument({self.raw!r} = {self.text!r})"

    @property
    def expansion(self) -> Expansion:
        """Return the word as BuildKit expands it."""
        if self._expansion is None:
            self._expansion = expand(self.raw, self._escape, self._lookup)
        return self._expansion

    def parts(self) -> tuple[Argument, ...]:
        """Return the words after its values are split at white space.

        A word that is not decided stays whole.
        """
        if "$" not in self.raw and self.text == self.raw:
            return (self,)
        found = expand_words(self.raw, self._escape, self._lookup)
        if not found.decided or found.problem:
            return (self,)
        return tuple(self._part(word, found.reads) for word in found.words)

    def _part(self, word: Expansion, reads: tuple[Read, ...]) -> Argument:
        part = Argument.__new__(Argument)
        part.span, part.raw = self.span, self.raw
        part._escape, part._lookup = self._escape, self._lookup
        part._expansion = Expansion(word.text, reads, decided=word.decided)
        return part

    @property
    def text(self) -> str:
        """Return the word without quotes, and with variables replaced."""
        known = self._expansion  # asked for more often than anything else
        return known.text if known is not None else self.expansion.text

    @property
    def decided(self) -> bool:
        """Return whether the text is known, with build arguments at their defaults."""
        return self.expansion.decided

    @property
    def reads(self) -> tuple[Read, ...]:
        """Return the variables that the word reads."""
        return self.expansion.reads

    def written(self, text: str) -> tuple[Span, ...]:
        """Return the places where a part of the value is written.

        That is in the word, or where a variable is set that holds it.
        """
        brought = tuple(
            variable.span.part(variable.text)
            for read in self.reads
            if read.counts
            and not read.defaulted
            and (variable := read.variable) is not None
            and variable.span is not None
            and variable.text
            and (variable.text in text or text in variable.text)
        )
        whole = any((0, len(self.raw)) == (read.start, read.end) for read in self.reads)
        return brought if brought and whole else (self.span.part(text), *brought)

    @property
    def defaults(self) -> tuple[Variable, ...]:
        """Return the build arguments that the word reads with their default."""
        return tuple(
            read.variable
            for read in self.reads
            if read.variable is not None
            and read.variable.kind == "argument"
            and read.counts
            and not read.defaulted
        )
