"""A syntax error: the place that a reader cannot read, and why."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Span


class SyntaxProblem:
    """A place where the text does not follow its grammar."""

    __slots__ = ("message", "span")

    def __init__(self, span: Span, message: str) -> None:
        self.span = span
        self.message = message
