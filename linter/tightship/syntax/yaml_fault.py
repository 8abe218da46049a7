"""What stopped a YAML parser, in our own words, and which line to pass over."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

    from tightship.syntax.yaml import Scalar

BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line for YAML 1.1, and so for both parsers and for Compose."""

_LINE = re.compile(f"[^{BREAKS}]*")
_WORD = re.compile(rf"[^\s]+|[^{BREAKS}]")
_TOKEN_CONTEXTS = (
    "while scanning a simple key",
    "while scanning an anchor",
    "while scanning an alias",
    "while scanning a tag",
    "while scanning a directive",
    "while scanning a block scalar",
)


def line_around(text: str, index: int) -> tuple[int, int]:
    """Return where the line of an index starts and ends, without its line end."""
    start = max([text.rfind(mark, 0, index) for mark in BREAKS]) + 1
    found = _LINE.match(text, index)
    return start, found.end() if found else index


class Fault:
    """Where reading stopped, why, and a place in the line to pass over."""

    __slots__ = ("end", "line", "message", "start")

    def __init__(
        self, text: str, start: int, message: str, line: int | None = None
    ) -> None:
        """Cover the word at ``start``, or the character before it at a line's end."""
        found = _WORD.match(text, start)
        if found:
            self.start, self.end = found.span()
        else:
            shown = len(text[:start].rstrip())
            self.start, self.end = max(shown - 1, 0), shown
        self.message = message
        self.line = start if line is None else line


def too_deep(text: str, index: int, limit: int) -> Fault:
    """Say that collections nest deeper than we read."""
    return Fault(text, index, f"nested deeper than {limit} levels")


def explain(text: str, error: MarkedYAMLError, last: Scalar | None) -> Fault:
    """Say what a parser stumbled on; ``last`` is the last scalar it gave."""
    problem = error.problem or ""
    at = error.problem_mark.index if error.problem_mark else 0
    context = error.context or ""
    since = error.context_mark.index if error.context_mark else at
    return Fault(
        text,
        at,
        problem or context or str(error),
        since if context in _TOKEN_CONTEXTS else at,
    )
