"""Variables of a Dockerfile, and their uses in words."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.values.hole import has_hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Span


class Variable:
    """A variable as it is known at some place.

    ``text`` is its value, with a hole ``${NAME}`` for each unknown part, or ``None`` if
    it is unknown whether it is set. ``decided`` is true if the whole value is known.
    ``kind`` is ``argument`` (the default of an ARG), ``given`` (a build argument),
    ``environment`` (ENV), ``platform`` (predefined, as TARGETARCH) or ``unknown``.
    ``span`` is where it is set.
    """

    __slots__ = ("decided", "kind", "name", "span", "text")

    def __init__(self, name: str, text: str | None, kind: str, span: Span | None = None) -> None:
        self.name = name
        self.text = text
        self.decided = text is not None and not has_hole(text)
        self.kind = kind
        self.span = span

    def __repr__(self) -> str:
        return f"Variable({self.name}={self.text!r}, {self.kind})"


class Read(Record, frozen=False):
    """One use of a variable in a word.

    ``start`` and ``end`` are the offsets, in the raw word, of the whole ``$X`` or
    ``${X…}``. ``variable`` is ``None`` if it is surely not set. ``defaulted`` is true
    if the word behind ``-``, ``:-``, ``+`` or ``:+`` replaces the value. ``counts`` is
    false within an operand that is not taken, as B in ``${A:-$B}`` with A set.
    """

    name: str
    start: int
    end: int
    variable: Variable | None
    defaulted: bool = False
    counts: bool = True

    def __repr__(self) -> str:
        return f"Read({self.name} at {self.start}-{self.end})"
