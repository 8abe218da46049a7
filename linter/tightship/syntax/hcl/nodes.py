"""The syntax tree of HCL; each node has its span. ``read.py`` makes it, and evaluates nothing."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.syntax import SyntaxProblem
    from tightship.text import Span


class Expression(Record):
    """What has a value; one that could not be read is of this class itself."""

    span: Span


class Literal(Expression):
    """A number, a boolean or null."""

    value: int | float | bool | None


class Template(Expression):
    """A text in quotes, or a heredoc: pieces of text, and expressions in `${…}`.

    The span of a text lies within its quotes. That of a heredoc begins with its `<<`, and
    ends with its last line.
    """

    parts: Sequence[str | Expression]
    is_heredoc: bool = False


class Name(Expression):
    """A variable, or another name that a run knows."""

    name: str


class Member(Expression):
    """`of.name`, or `of[key]`."""

    of: Expression
    key: Expression


class Call(Expression):
    """A call of a function; with ``spreads``, the last argument is a list of arguments."""

    name: str
    arguments: Sequence[Expression]
    spreads: bool = False


class Operation(Expression):
    """An operator with its operands: `?` has three, `!` has one, and `-` one or two."""

    operator: str
    operands: Sequence[Expression]


class Items(Expression):
    """A list: `[a, b]`."""

    items: Sequence[Expression]


class Table(Expression):
    """An object: `{a = b}`. The keys are expressions, and a plain word is a text."""

    entries: Sequence[tuple[Expression, Expression]]


class For(Expression):
    """`[for name in of : value if condition]`, or with ``key`` as `{for …}`.

    ``names`` are one or two: of the value, or of the key and the value.
    """

    names: Sequence[str]
    of: Expression
    value: Expression
    key: Expression | None
    condition: Expression | None


class Attribute(Record):
    """`name = value`; ``key`` is the place of the name, and ``span`` that of all of it."""

    name: str
    key: Span
    value: Expression
    span: Span


class Block(Record):
    """`kind "label" { … }`; each label has its place."""

    kind: str
    key: Span
    labels: Sequence[tuple[str, Span]]
    body: Body
    span: Span


class Body(Record):
    """The attributes and the blocks of a file or of a block, in their order."""

    attributes: Sequence[Attribute]
    blocks: Sequence[Block]

    def get(self, name: str) -> Expression | None:
        """Return the value of the last attribute with a name."""
        return next((one.value for one in reversed(self.attributes) if one.name == name), None)


class File(Record):
    """A file, and the places where it does not follow the grammar."""

    body: Body
    problems: Sequence[SyntaxProblem]

    def blocks(self, kind: str) -> Iterator[Block]:
        """Yield the blocks of a kind that have a label."""
        return (one for one in self.body.blocks if one.kind == kind and one.labels)
