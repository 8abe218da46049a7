"""A word of an instruction, with its value after expansion."""

from __future__ import annotations

from tightship.frontends.dockerfile.expansion import Expansion, expand, expand_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.frontends.dockerfile.variable import Read, Variable
    from tightship.syntax.dockerfile.nodes import Word
    from tightship.text import Span

    Lookup = Callable[[str], Variable | None]


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
