"""The syntax tree of a Dockerfile; each node has its span. ``read.py`` makes it.

Nothing is expanded or resolved here: a word keeps its quotes and its ``$``, a stage is
a name and ``COPY --from`` a flag. Only what BuildKit's own parser undoes is undone:
line continuations, the quotes of flags, and the strings of JSON arrays.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax import SyntaxProblem
from tightship.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.text import Source

    Kind = Literal[
        "arguments",  # too few, too many, or of the wrong form
        "continuation",  # lines that are joined, but look as if they were not
        "directive",  # `# escape=` and others
        "flag",  # one that the instruction does not have, or a value it cannot have
        "heredoc",
        "json",  # an invalid array, or one not of strings
        "line",  # a line that is too long, or line ends that Docker does not know
        "onbuild",  # an instruction that cannot be a trigger
        "stage",  # no FROM, something before it, or a stage's name
        "template",  # the text becomes a Dockerfile only once it is filled in
        "unknown-instruction",
    ]


class Joined(Record):
    """Text whose line continuations are joined, and the places of its pieces.

    A text in one piece stands at ``_begin``. Of several, ``_starts`` are the offsets in the
    joined text, ``_places`` those in the source; this text begins ``_offset`` into the first.
    """

    source: Source
    text: str
    _begin: int
    _starts: list[int] | None = None
    _places: list[int] | None = None
    _offset: int = 0

    def place(self, index: int) -> int:
        """Return the offset in the source of a character of the text."""
        if self._starts is None or self._places is None:
            return self._begin + index
        index += self._offset
        piece = bisect_right(self._starts, index) - 1
        return self._places[piece] + index - self._starts[piece]

    def span(self, start: int, end: int) -> Span:
        """Return the span of ``text[start:end]``, continuations within it included."""
        if self._starts is None:
            return Span(self.source, self._begin + start, self._begin + end)
        first = self.place(start)
        return Span(self.source, first, self.place(end - 1) + 1 if end > start else first)

    def cut(self, start: int, end: int) -> Joined:
        """Return ``text[start:end]`` as its own text."""
        text = self.text[start:end]
        if self._starts is None:
            return Joined(self.source, text, self._begin + start)
        return Joined(self.source, text, 0, self._starts, self._places, self._offset + start)

    def pieces(self) -> Iterator[tuple[str, int, int]]:
        """Yield each piece of the text: its text, its start, its end.

        A text without characters is one piece.
        """
        if self._starts is None or self._places is None:
            yield self.text, self._begin, self._begin + len(self.text)
            return
        number = bisect_right(self._starts, self._offset) - 1
        at, size = 0, len(self.text)
        while at < size or not size:
            place = self.place(at)
            number += 1
            stop = size
            if number < len(self._starts):
                stop = min(size, self._starts[number] - self._offset)
            if at < stop or not size:
                yield self.text[at:stop], place, place + stop - at
            if stop >= size:
                return
            at = stop

    def whole(self) -> Span:
        """Return the span of all of it."""
        if self._starts is None:
            return Span(self.source, self._begin, self._begin + len(self.text))
        return self.span(0, len(self.text))


class Word(Record):
    """One word; ``value`` is its text after BuildKit's parser."""

    span: Span
    value: str


class Pair(Record, frozen=False):
    """``NAME=value`` of ENV, LABEL and ARG; only ARG has names without a value.

    Quotes and escapes are still there, in names too: they are undone together with
    the expansion of variables.
    """

    span: Span
    name: Word
    value: Word | None


class Flag(Pair, frozen=False):
    """``--name=value``; the name is as written, and the value may be missing."""

    __slots__ = ()


class Heredoc(Record):
    """``<<NAME``, the lines that follow the instruction, and the line that ends them.

    ``opener`` is the word on the instruction's line. ``body`` spans whole lines; with
    ``<<-`` their leading tabs do not count. ``end`` is the word that ends it, ``None``
    where the file ends first. A quoted name turns ``expand`` off.
    """

    opener: Span
    name: str
    body: Span
    end: Span | None
    expand: bool
    chomp: bool

    @property
    def text(self) -> str:
        """Return what a shell or a file gets of it."""
        text = self.body.text
        if not self.chomp:
            return text
        return "\n".join(line.lstrip("\t") for line in text.split("\n"))


class Instruction:
    """A keyword and all that belongs to it.

    ``name`` is the keyword in capitals, known or not. ``body`` is the text behind
    keyword and flags. Its content is, by instruction:

    - ENV, LABEL, ARG: ``pairs``; ``legacy`` marks ``ENV name value``.
    - ONBUILD: ``trigger``, the instruction within.
    - FROM, EXPOSE: ``arguments``, the words.
    - USER, WORKDIR, STOPSIGNAL, MAINTAINER: one argument, spaces included.
    - ADD, COPY, VOLUME: words, or the strings of a JSON array, if ``json``.
    - RUN, CMD, ENTRYPOINT, SHELL: the strings of a JSON array, or one argument, which
      is what a shell gets. HEALTHCHECK: the same behind ``CMD``, or ``NONE``.

    The span reaches from the keyword to the end of the last word or heredoc.
    ``gaps`` are blank lines within it. ``unfinished`` is true if the file ends with a
    line continuation.
    """

    __slots__ = (
        "arguments",
        "body",
        "flags",
        "gaps",
        "heredocs",
        "json",
        "keyword",
        "legacy",
        "name",
        "pairs",
        "span",
        "trigger",
        "unfinished",
    )

    def __init__(self, keyword: Word, body: Joined, span: Span) -> None:
        self.keyword = keyword
        self.name = keyword.value.upper()
        self.body = body
        self.span = span
        self.flags: list[Flag] = []
        self.arguments: list[Word] = []
        self.pairs: list[Pair] = []
        self.heredocs: list[Heredoc] = []
        self.gaps: list[Span] = []
        self.trigger: Instruction | None = None
        self.json = False
        self.legacy = False
        self.unfinished = False

    def flag(self, name: str) -> Flag | None:
        """Return the first flag of a name."""
        return next((flag for flag in self.flags if flag.name.value == name), None)

    @property
    def command(self) -> Joined | None:
        """Return the text that a shell reads, if there is one."""
        if self.json or not self.arguments:
            return None
        if self.name in ("RUN", "CMD", "ENTRYPOINT"):
            return self.body
        if self.name == "HEALTHCHECK" and len(self.arguments) == 2:
            length = len(self.body.text)
            return self.body.cut(length - len(self.arguments[1].value), length)
        return None


class Directive(Record):
    """A parser directive at the top, such as ``# escape=``; ``name`` in lower case."""

    span: Span
    name: str
    value: Word


class DockerfileProblem(SyntaxProblem):
    """A place that BuildKit rejects (``refused``), or reads differently than it looks.

    ``choices`` are the words that were possible in place of the one that the span
    covers: one of them may have been meant.
    """

    kind: Kind
    refused: bool = True
    choices: tuple[str, ...] = ()


class Dockerfile:
    """All that one file holds, in the order of the text.

    ``comments`` are those of instructions and between them, with ``#``, directives
    included; lines of heredocs are no comments. ``escape`` is the character that
    continues lines. ``template`` is where a template shows: then it is the only
    problem, and the instructions are a guess.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.directives: list[Directive] = []
        self.instructions: list[Instruction] = []
        self.comments: list[Span] = []
        self.problems: list[DockerfileProblem] = []
        self.escape = "\\"
        self.template: Span | None = None

    def directive(self, name: str) -> Directive | None:
        """Return the directive of a name."""
        return next((one for one in self.directives if one.name == name), None)

    def every_instruction(self) -> Iterator[Instruction]:
        """Yield each instruction, and behind an ONBUILD its trigger."""
        for instruction in self.instructions:
            yield instruction
            if instruction.trigger is not None:
                yield instruction.trigger
