"""The variables that the words of an instruction read, and their places."""

from __future__ import annotations

from tightship.frontends.dockerfile.argument import Argument
from tightship.frontends.dockerfile.steps import (
    Add,
    Arg,
    Copy,
    Env,
    Expose,
    Label,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax.dockerfile.nodes import Word
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.steps import Step
    from tightship.frontends.dockerfile.variable import Read
    from tightship.syntax.dockerfile.nodes import Heredoc

_EXPANDED_FLAGS = ("chown", "chmod", "checksum")
_LONGEST = 4096  # A longer word is not searched for each of its variables.


class VariableUse(Record):
    """A variable that a word reads, and the word.

    ``owner`` is the name that the word is assigned to, if there is one. ``heredoc`` is
    the file whose lines read the variable, if it is one.
    """

    argument: Argument
    read: Read
    owner: str | None
    heredoc: Heredoc | None = None

    @property
    def text(self) -> str:
        """Return the ``$X`` or ``${X…}``."""
        return self.argument.raw[self.read.start : self.read.end]

    @property
    def has_fallback(self) -> bool:
        """Return whether the word has a fallback without a value: ``${X:-y}``."""
        after = self.text.removeprefix("${" + self.read.name)[:1]
        return self.text.startswith("${") and after in (":", "-", "+", "?")

    @property
    def span(self) -> Span:
        """Return its place, or that of the word if a line continuation cuts it."""
        word, raw = self.argument.span, self.argument.raw
        length = word.end - word.start
        if self.heredoc is not None:
            at = 0
        elif length > _LONGEST:
            return word
        else:
            at = word.text.find(raw) if length <= len(raw) + 2 else -1
        if at < 0:
            return word.part(self.text)
        start = word.start + at
        return Span(word.source, start + self.read.start, start + self.read.end)


def variable_uses(step: Step) -> Iterator[VariableUse]:
    """Yield the uses of variables that BuildKit expands, if their value counts.

    Facts from BuildKit, instructions/commands.go: the types with a method ``Expand``.
    Words that a shell reads, and those of CMD and similar instructions, are not expanded.
    """
    if isinstance(step, (Arg, Env, Label)):
        for pair in step.pairs:
            if not isinstance(step, Arg):
                yield from uses_in_word(pair.name)
            if pair.value is not None and "$" in pair.value.raw:
                yield from uses_in_word(pair.value, pair.name.text)
    elif isinstance(step, (Add, Copy, Expose, Volume, User, Workdir, StopSignal)):
        for word in step.instruction.arguments:
            if "$" in word.value:
                yield from uses_in_word(step.argument(word))
    if isinstance(step, (Add, Copy)):
        for value in filter(None, map(step.flag, _EXPANDED_FLAGS)):
            yield from uses_in_word(value)
        for heredoc in step.heredocs:
            if heredoc.expand:
                yield from _in_heredoc(step, heredoc)


def _in_heredoc(step: Step, heredoc: Heredoc) -> Iterator[VariableUse]:
    """Yield the uses in a file, where quotes are characters like others.

    Facts from BuildKit, dockerfile2llb, dispatch: ``SkipProcessQuotes``, and an escape
    that is always a backslash.
    """
    body = heredoc.body
    text = body.text.replace("'", ",").replace('"', ",")
    argument = Argument(Word(body, text), "\\", step.lookup)
    for use in uses_in_word(argument):
        yield VariableUse(argument, use.read, None, heredoc)


def uses_in_word(argument: Argument, owner: str | None = None) -> Iterator[VariableUse]:
    """Yield the uses of variables in a word, if their value counts."""
    if "$" in argument.raw:
        for read in argument.reads:
            if read.counts:
                yield VariableUse(argument, read, owner)
