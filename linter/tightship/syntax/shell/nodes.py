"""The syntax tree of a shell script; each node has its place. ``read.py`` makes it.

The grammar is that of POSIX sh with the additions of bash. Nothing is run or expanded:
a word has a value if every shell gives it the same, and none if it depends on a
variable or on the output of a command.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax.shell.text import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from tightship.syntax import SyntaxProblem
    from tightship.syntax.shell.text import Text
    from tightship.text import Span

    Part: TypeAlias = "Literal | Quoted | Variable | Substitution | Arithmetic | Unknown"
    Command: TypeAlias = "Simple | Compound"


class Node(Record, frozen=False):
    """The base of all nodes: the text, and the node's part of it."""

    text: Text
    start: int
    end: int

    @property
    def raw(self) -> str:
        """Return the node as the shell reads it, with its quotes."""
        return self.text.value[self.start : self.end]

    @property
    def span(self) -> Span:
        """Return the place of the node in its file."""
        return self.text.span(self.start, self.end)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.raw!r})"


class Literal(Node, frozen=False):
    r"""Text that stands for itself, with its quotes if these are single ones.

    ``quote`` tells how it is written: ``""`` bare, where a backslash escapes; ``'"'``
    within double quotes; ``"'"`` or ``"$'"`` with these quotes; ``"<<"`` in the body
    of a heredoc; ``"="`` where each character is itself, as in a word of JSON.
    ``$'…'`` has the value that bash gives it; dash has no such quotes. There is no
    value where a part of it is unknown.
    """

    __slots__ = ("quote", "value")

    def __init__(self, text: Text, start: int, end: int, value: str, quote: str) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.value = None if UNKNOWN in value else value
        self.quote = quote


class Quoted(Node, frozen=False):
    """Text within double quotes, the quotes included."""

    __slots__ = ("parts", "value")

    def __init__(self, text: Text, start: int, end: int, parts: tuple[Part, ...]) -> None:
        super().__init__(text, start, end)
        self.parts = parts
        self.value = joined(parts)


class Variable(Node, frozen=False):
    """``$name`` or ``${name…}``.

    ``operator`` is what comes before the name, ``!`` or ``#``, and what follows it:
    ``[`` for an element of an array, then such as ``:-``, ``%`` or ``//``.
    ``argument`` is what comes after that. ``name`` is empty where bash would call it
    a bad substitution.
    """

    name: str
    operator: str = ""
    argument: Word | None = None

    value = None


class Substitution(Node, frozen=False):
    """Commands whose output, or a file of it, is part of the word.

    ``opener`` is one of ``$(``, a backquote, ``<(``, ``>(``. Commands in backquotes
    have their own text, with its escapes undone.
    """

    opener: str
    body: List

    value = None


class Arithmetic(Node, frozen=False):
    """``$((…))``; ``parts`` hold what is expanded in it."""

    parts: tuple[Part, ...]

    value = None


class Unknown(Node, frozen=False):
    """An unknown part, such as a variable of an outer shell."""

    value = None


class Word(Node, frozen=False):
    """A word as written. Its parts tile it, except for line ends that are escaped.

    ``value`` is the word that the command gets, before file names and braces are
    expanded, or ``None`` where that is not certain. Without parts it is one bare literal.
    """

    value: str | None
    _parts: tuple[Part, ...] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts of the word."""
        if self._parts is None:
            value = self.value or ""
            self._parts = (Literal(self.text, self.start, self.end, value, ""),)
        return self._parts

    @property
    def head(self) -> str:
        """Return the beginning of the value, as far as it is certain."""
        if self.value is not None:
            return self.value
        head: list[str] = []
        for part in flat(self.parts):
            if part.value is None:
                break
            head.append(part.value)
        return "".join(head)


class Assignment(Node, frozen=False):
    """``name=value`` before a command, or ``name=(…)``; ``operator`` may be ``+=``."""

    name: str
    operator: str
    value: Word | None
    items: tuple[Word, ...] = ()


class Redirection(Node, frozen=False):
    """``2>file``: where output goes or input comes from.

    ``descriptor`` is as written, often empty. A heredoc's ``target`` is its delimiter
    and ``body`` what follows on the next lines, a literal if the delimiter is quoted.
    """

    __slots__ = ("body", "descriptor", "operator", "target")

    def __init__(self, text: Text, start: int, descriptor: str, operator: str) -> None:
        super().__init__(text, start, start + len(descriptor) + len(operator))
        self.descriptor = descriptor
        self.operator = operator
        self.target: Word | None = None
        self.body: Word | None = None


class Simple(Node, frozen=False):
    """A command of words, with assignments before and redirections among them."""

    __slots__ = ("assignments", "redirections", "words")

    def __init__(self, text: Text, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.assignments: list[Assignment] = []
        self.words: list[Word] = []
        self.redirections: list[Redirection] = []


class Compound(Node, frozen=False):
    """A command made of lists of commands.

    ``kind`` is the word that opens it: ``if``, ``while``, ``until``, ``for``,
    ``select``, ``case``, ``function``, ``(``, ``{``, ``((``, ``[[``. ``words`` are
    those of its head: the name and items of a ``for``, the subject and patterns of a
    ``case``, the name of a function, all that is in ``((…))`` and ``[[ … ]]``.
    """

    __slots__ = ("bodies", "conditions", "kind", "redirections", "words")

    def __init__(self, text: Text, start: int, kind: str) -> None:
        super().__init__(text, start, start + len(kind))
        self.kind = kind
        self.words: list[Word] = []
        self.conditions: list[List] = []
        self.bodies: list[List] = []
        self.redirections: list[Redirection] = []


class Pipeline(Node, frozen=False):
    """Commands joined by ``|`` or ``|&``; mostly there is one."""

    __slots__ = ("commands", "negated", "operators")

    def __init__(self, text: Text, start: int) -> None:
        super().__init__(text, start, start)
        self.commands: list[Command] = []
        self.operators: list[str] = []
        self.negated = False


class List(Node, frozen=False):
    r"""Pipelines, each with the operator that ends it.

    It is ``&&``, ``||``, ``;``, ``&``, ``\n`` or none. ``&`` sends all that ``&&`` and
    ``||`` join to it to the background.
    """

    __slots__ = ("items",)

    def __init__(self, text: Text, start: int) -> None:
        super().__init__(text, start, start)
        self.items: list[tuple[Pipeline, str]] = []


class Script:
    """The commands of a text, and the first syntax error in it.

    The tree holds what can be read in spite of the error. ``lost`` is true if part of
    the text is not in it. ``unread`` are the places where a limit ends the reading, in
    this script or in one that it holds; those are known once its calls have been made.
    """

    __slots__ = ("body", "lost", "problem", "text", "unread")

    def __init__(self, text: Text, body: List) -> None:
        self.text = text
        self.body = body
        self.problem: SyntaxProblem | None = None
        self.lost = False
        self.unread: list[SyntaxProblem] = []


def joined(parts: tuple[Part, ...]) -> str | None:
    """Return the value of parts together, if all of them have one."""
    values: list[str] = []
    for part in parts:
        if part.value is None:
            return None
        values.append(part.value)
    return "".join(values)


def flat(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Yield parts in order, those within double quotes one by one."""
    for part in parts:
        if isinstance(part, Quoted):
            yield from part.parts
        else:
            yield part
