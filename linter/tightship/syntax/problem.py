"""A syntax error: the place that a reader cannot read, and why."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Span


class SyntaxProblem(Record):
    """A place where the text does not follow its grammar."""

    span: Span
    message: str
