"""Names by a pattern, and the name that was probably meant."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


_LONGEST = 256


class Wildcard(Record, frozen=False):
    """A pattern; a very long name matches only itself."""

    _pattern: str
    _compiled: re.Pattern[str] | None = None

    def matches(self, name: str) -> bool:
        """Return whether a pattern matches a name."""
        if name == self._pattern or len(name) > _LONGEST:
            return name == self._pattern
        if self._compiled is None:
            import re

            self._compiled = re.compile(_translated(self._pattern), re.DOTALL)
        return self._compiled.fullmatch(name) is not None


def _translated(pattern: str) -> str:
    """Return a regular expression.

    The text between two ``*`` is found from the left and then kept, by an atomic group:
    backtracking could not help.
    """
    from re import escape

    pieces = [
        "".join("." if char == "?" else escape(char) for char in piece)
        for piece in pattern.split("*")
    ]
    first, *others = pieces
    if not others:
        return first
    *middle, last = others
    return f"{first}{''.join(f'(?>.*?{piece})' for piece in middle if piece)}.*{last}"


_LONGEST_WORD = 64


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is closest to a word, if one is close enough.

    An edit is a letter too many, too few or wrong, or two letters swapped. One edit is
    allowed for each four letters, at least one and at most three. There is no result
    for a tie, or for a word that is itself a candidate.
    """
    if not word or len(word) > _LONGEST_WORD:
        return None
    lowered = word.lower()
    best, found = max(1, min(3, len(word) // 4)) + 1, None
    for candidate in candidates:
        if candidate == word:
            return None
        if len(candidate) > _LONGEST_WORD:
            continue
        slips = distance(lowered, candidate.lower(), best + 1)
        if slips < best:
            best, found = slips, candidate
        elif slips == best and candidate != found:
            found = None
    return found


def distance(a: str, b: str, limit: int) -> int:
    """Return the number of edits between two words, up to ``limit``."""
    if abs(len(a) - len(b)) >= limit:
        return limit
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            slips = min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                slips = min(slips, before[j - 2] + 1)
            row.append(slips)
        if min(row) >= limit:
            return limit
        before, above = above, row
    return min(above[-1], limit)
