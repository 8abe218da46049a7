r"""Expansion of the words of a Dockerfile: quotes, escapes and variables.

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
from tightship.lazy import Record, regex
from tightship.syntax.dockerfile.words import SPACE
from tightship.values.hole import LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.expander import Lookup, Piece
    from tightship.frontends.dockerfile.variable import Read
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


def expand_words(raw: str, escape: str, lookup: Lookup, limit: int = LIMIT) -> Expansion:
    """Expand a word as ``ProcessWords`` does, and split it at white space.

    White space in values splits, too, unless it is in quotes. Empty words are dropped,
    quoted or not. So is the text before an operand in BuildKit 0.25, which has one buffer
    for both: ``80/${P:-tcp}`` expands to ``tcp``. BuildKit 0.13 keeps it, so that such a
    word is undecided.
    """
    run = Expander(raw, escape, lookup, limit)
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
