r"""What the words of a Dockerfile come to: quotes and escapes undone, variables put in.

The language is that of BuildKit's own lexer (frontend/dockerfile/shell/lex.go,
``ProcessWord`` and ``ProcessWords``), not that of a shell: ``$`` before anything but a
name is itself, quotes in the operand of ``#``, ``%`` and ``/`` do not make its ``*``
and ``?`` literal, and an operand is expanded, and can be rejected, even if it does not
count.

What only a run can tell stays a hole ``${NAME}``, as Compose's expansion leaves it. A
literal ``${NAME}`` (from ``\${NAME}``) looks the same. ``decided`` tells them apart;
who looks at the text alone takes it for a hole, and so for undecided, which is safe.
"""

from __future__ import annotations

from tightship.dockerfile.expander import Expander, join, plain, sure
from tightship.lazy.regex import regex
from tightship.syntax.dockerfile.words import SPACE
from tightship.values.variable import LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.dockerfile.expander import Lookup, Piece
    from tightship.dockerfile.variable import Read
    from tightship.values.variable import ValueProblem

_GAP = regex(f"[{SPACE}]+")


class Expansion:
    """What a word comes to.

    ``decided`` is true if nothing of the text is left to a run. With a ``problem`` the
    text is the raw word, and not decided.
    """

    __slots__ = ("decided", "problem", "reads", "text")

    def __init__(
        self,
        text: str,
        reads: tuple[Read, ...] = (),
        problem: ValueProblem | None = None,
        *,
        decided: bool = True,
    ) -> None:
        self.text = text
        self.decided = decided
        self.reads = reads
        self.problem = problem

    def __repr__(self) -> str:
        return f"Expansion({self.text!r}, {'decided' if self.decided else 'open'})"


class Expansions:
    """The words that one raw word falls into, after its values are put in.

    ``decided`` is true if all words are, and how many there are; each word tells the
    same of its own text. What was read, and what is wrong, is told of the whole.
    """

    __slots__ = ("decided", "problem", "reads", "words")

    def __init__(
        self,
        words: tuple[Expansion, ...],
        reads: tuple[Read, ...],
        problem: ValueProblem | None,
        *,
        decided: bool,
    ) -> None:
        self.words = words
        self.decided = decided
        self.reads = reads
        self.problem = problem

    def __repr__(self) -> str:
        return f"Expansions({self.words})"


def expand(raw: str, escape: str, lookup: Lookup, limit: int = LIMIT) -> Expansion:
    r"""Do to a word what ``ProcessWord`` does; ``escape`` is ``\`` or a backtick.

    Of ``${X…}`` that cannot be told a hole ``${X}`` is left, also where X is known and
    the pattern is not. Values that no longer fit into ``limit`` characters stay holes,
    so that nested values cannot blow up, and so do patterns that would take too long.
    """
    if plain(raw, escape):
        return Expansion(raw)
    run = Expander(raw, escape, lookup, limit)
    if run.problem:
        return Expansion(raw, run.reads(), run.problem, decided=False)
    return Expansion(join(run.out), run.reads(), decided=sure(run.out))


def expand_words(
    raw: str, escape: str, lookup: Lookup, limit: int = LIMIT
) -> Expansions:
    """Do to a word what ``ProcessWords`` does: white space parts it.

    So does the white space in values, unless they stand in quotes. Empty words are
    dropped, quoted or not. So is what a word begins with before an operand: BuildKit
    has one buffer for both, and so ``80/${P:-tcp}`` comes to ``tcp``.
    """
    run = Expander(raw, escape, lookup, limit)
    if run.problem:
        whole = Expansion(raw, decided=False)
        return Expansions((whole,), run.reads(), run.problem, decided=False)
    return Expansions(_split(run), run.reads(), None, decided=sure(run.out))


def _split(run: Expander) -> tuple[Expansion, ...]:
    words: list[Expansion] = []
    word: list[Piece] = []
    ends = [begin for begin, _ in run.parts[1:]] + [len(run.out)]
    for number, end in enumerate(ends):
        begin, splits = run.parts[number]
        if number in run.wiping:
            word = []
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
