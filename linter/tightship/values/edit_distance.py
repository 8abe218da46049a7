"""The word that was probably meant, by Damerau-Levenshtein distance."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 64


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate that is closest to a word, if one is close enough.

    An edit is a letter too many, too few or wrong, or two letters swapped. One edit is
    allowed for each four letters, at least one and at most three. There is no result
    for a tie, or for a word that is itself a candidate.
    """
    if not word or len(word) > _LONGEST:
        return None
    lowered = word.lower()
    best, found = max(1, min(3, len(word) // 4)) + 1, None
    for candidate in candidates:
        if candidate == word:
            return None
        if len(candidate) > _LONGEST:
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
