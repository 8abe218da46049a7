"""Problems of a configuration, with their places."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.text import Span


class ConfigProblem(Record):
    """A problem of a configuration, and its place.

    ``message`` has no full stop.
    """

    span: Span
    message: str

    def __str__(self) -> str:
        line, column = self.span.source.point(self.span.start)
        return f"{self.span.source.name}:{line + 1}:{column + 1}: {self.message}"


class ConfigError(ValueError):
    """An invalid configuration; it has at least one problem.

    ``root`` is the folder that the file's name is relative to; empty where the user
    gave the name.
    """

    def __init__(self, problems: Sequence[ConfigProblem], root: str = "") -> None:
        self.root = root
        self.problems = sorted(problems, key=lambda one: one.span.order)
        super().__init__("\n".join(map(str, self.problems)))
