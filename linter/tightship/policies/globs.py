"""Patterns of texts: `*`, `?` and `[a-z]`, in time linear in the text.

The states of a pattern are the bits of a number, so that no text makes a match slow.
"""

from __future__ import annotations

from functools import cache

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 1_000
"""The most characters of a pattern."""


class Part(Record):
    """One part of a pattern: characters that it takes, or any number of any with `*`."""

    takes: Callable[[str], bool] | None


@cache
def compiled(pattern: str) -> Glob:
    """Return a pattern, ready to match."""
    return Glob(pattern)


def literal(text: str) -> str:
    """Return the pattern that takes a text alone."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in text)


class Glob:
    """A pattern, which takes a whole text."""

    def __init__(self, pattern: str) -> None:
        self._parts = [*_parts(pattern)]
        self._stars = sum(1 << i for i, one in enumerate(self._parts) if one.takes is None)
        self._end = 1 << len(self._parts)
        self._moves: dict[str, int] = {}

    def matches(self, text: str) -> bool:
        """Return whether it takes a text."""
        return bool(self._after(text) & self._end)

    def matches_all(self, beginning: str) -> bool | None:
        """Return whether it takes each text with a beginning: none if only some of them."""
        states = self._after(beginning)
        if not states:
            return False
        ends_in_star = bool(self._parts) and self._parts[-1].takes is None
        return True if ends_in_star and states & (self._end >> 1) else None

    def _after(self, text: str) -> int:
        states = self._closed(1)
        for character in text:
            if not states:
                return 0
            move = self._moves.get(character)
            if move is None:
                move = self._moves[character] = self._takers(character)
            states = self._closed(((states & move) << 1) | (states & self._stars))
        return states

    def _takers(self, character: str) -> int:
        parts = enumerate(self._parts)
        return sum(1 << i for i, one in parts if one.takes is not None and one.takes(character))

    def _closed(self, states: int) -> int:
        """Add the states behind a `*`, which may take nothing."""
        while (more := states | ((states & self._stars) << 1)) != states:
            states = more
        return states


def problem(pattern: str) -> str | None:
    """Return why a pattern is refused."""
    if len(pattern) > LONGEST:
        return f"a pattern has at most {LONGEST:,} characters"
    at = 0
    while (at := pattern.find("[", at)) >= 0:
        end = pattern.find("]", at + 2)
        if end < 0:
            return "`[` needs a `]`; write `[[]` for the character itself"
        at = end + 1
    return None


def _parts(pattern: str) -> list[Part]:
    made, at = list[Part](), 0
    while at < len(pattern):
        one = pattern[at]
        if one == "*":
            if not made or made[-1].takes is not None:  # `**` is `*`
                made.append(Part(None))
        elif one == "?":
            made.append(Part(lambda _: True))
        elif one == "[":
            end = pattern.find("]", at + 2)
            made.append(Part(_characters(pattern[at + 1 : end])))
            at = end
        else:
            made.append(Part(one.__eq__))
        at += 1
    return made


def _characters(written: str) -> Callable[[str], bool]:
    """Return what takes one of the characters, or ranges such as `a-z`, but with `!` none."""
    is_negated = written.startswith("!")
    written = written[1:] if is_negated else written
    single, ranges, at = set[str](), list[tuple[str, str]](), 0
    while at < len(written):
        if written[at + 1 : at + 2] == "-" and at + 2 < len(written):
            ranges.append((written[at], written[at + 2]))
            at += 3
        else:
            single.add(written[at])
            at += 1
    return lambda one: (
        (one in single or any(low <= one <= high for low, high in ranges)) is not is_negated
    )


class CharacterSet:
    """The characters of which a text must consist, such as `a-z0-9_-`."""

    def __init__(self, written: str) -> None:
        self._takes = _characters(written)

    def holds(self, text: str) -> bool:
        """Return whether every character of a text is one of them."""
        return all(map(self._takes, text))
