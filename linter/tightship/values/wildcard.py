"""Names with ``*`` for any text and ``?`` for one character."""

from __future__ import annotations

import re

_LONGEST = 256


class Wildcard:
    """A pattern; a very long name matches only itself."""

    __slots__ = ("_compiled", "_pattern")

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._compiled: re.Pattern[str] | None = None

    def matches(self, name: str) -> bool:
        """Return whether a pattern matches a name."""
        if name == self._pattern or len(name) > _LONGEST:
            return name == self._pattern
        if self._compiled is None:
            self._compiled = re.compile(_translated(self._pattern), re.DOTALL)
        return self._compiled.fullmatch(name) is not None


def _translated(pattern: str) -> str:
    """Return a regular expression.

    The text between two ``*`` is found from the left and then kept, by an atomic group:
    backtracking could not help.
    """
    pieces = [
        "".join("." if char == "?" else re.escape(char) for char in piece)
        for piece in pattern.split("*")
    ]
    first, *others = pieces
    if not others:
        return first
    *middle, last = others
    return f"{first}{''.join(f'(?>.*?{piece})' for piece in middle if piece)}.*{last}"
