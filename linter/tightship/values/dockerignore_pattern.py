"""How one pattern of a ``.dockerignore`` matches: moby/patternmatcher's ``compile``.

A pattern is a text, a prefix or a suffix to compare with, or else an automaton: what
moby writes as a regular expression of Go's, held as the bits of a number. All its
states go over the path together, once, so that nothing is ever tried twice; wherever a
folder's name ends, the folder may have matched.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate, chain

from tightship.values.character_class import (
    ANY,
    BadPatternError,
    CharacterClass,
    escaped,
    literal,
    members,
)

__all__ = ["Automaton", "BadPatternError", "Matcher", "compiled"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Matcher(Protocol):
        """A compiled pattern."""

        def matches(self, path: str) -> bool:
            """Return whether it matches a path, or a folder above it."""
            ...

else:
    Matcher = object


def compiled(pattern: str) -> Matcher:
    """Compile a pattern; one that Docker rejects raises :class:`BadPatternError`."""
    _check(pattern)
    if not any(char in pattern for char in "*?[]\\"):
        return _Exact(pattern)
    head, stars, tail = pattern.partition("**")
    if stars and not any(char in head + tail for char in "*?[]\\"):
        if not head:
            return _Suffix(tail)
        # `**` is eaten with a slash behind it, which no clean pattern ends with.
        if not tail:
            return _Prefix(head)
    return Automaton(_tokens(_expression(pattern)))


class _Exact:
    __slots__ = ("_below", "_path")

    def __init__(self, path: str) -> None:
        self._path = path
        self._below = path + "/"

    def matches(self, path: str) -> bool:
        return path == self._path or path.startswith(self._below)


class _Prefix:
    """``a/**``; a folder above that starts so is a start of the path as well."""

    __slots__ = ("_start",)

    def __init__(self, start: str) -> None:
        self._start = start

    def matches(self, path: str) -> bool:
        return path.startswith(self._start)


class _Suffix:
    """``**/a``, and ``**a``, which also matches ``ba``."""

    __slots__ = ("_end",)

    def __init__(self, end: str) -> None:
        self._end = end + "/"

    def matches(self, path: str) -> bool:
        return self._end in f"/{path}/"


# The kinds of states: take one character and go on, take any number of characters,
# or take folders (any text that ends with a slash, or none).
_ONE, _STAR, _DEEP, _INSIDE, _START = range(5)


class Automaton:
    """The states of patterns, one after the other, which go over a path together.

    For each pattern, a bit stands before each of its tokens, and one after all.
    ``steps`` counts how often the states went over one character.
    """

    steps = 0

    def __init__(self, *patterns: list[tuple[int, CharacterClass]]) -> None:
        self.patterns = patterns
        # Equal classes are tested once.
        self._go: dict[CharacterClass, int] = {}
        self._stay: dict[CharacterClass, int] = {}
        self._ends = [end - 1 for end in accumulate(len(tokens) + 1 for tokens in patterns)]
        self._last = sum(1 << end for end in self._ends)
        self._skip = self._skip2 = self._inside = starts = 0
        every = chain.from_iterable((*tokens, None) for tokens in patterns)
        for number, token in enumerate(every):
            if token is None:
                continue
            kind, allowed = token
            bit = 1 << number
            if kind == _ONE:
                self._go[allowed] = self._go.get(allowed, 0) | bit
            elif kind in (_STAR, _INSIDE):
                self._stay[allowed] = self._stay.get(allowed, 0) | bit
            self._skip |= bit * (kind in (_STAR, _DEEP))
            self._skip2 |= bit * (kind == _DEEP)
            self._inside |= bit * (kind == _INSIDE)
            starts |= bit * (kind == _START)
        # All characters between two bounds do the same.
        bounds = {ord("/"), ord("/") + 1}
        for allowed in (*self._go, *self._stay):
            bounds.update(allowed.bounds())
        self._bounds = sorted(bounds)
        self._known: dict[str | int, tuple[int, int]] = {}
        within = self._skip
        self._skip |= starts
        begins = (end - len(one) for end, one in zip(self._ends, patterns, strict=True))
        self._first = self._closed(sum(1 << begin for begin in begins))
        self._skip = within

    def matches(self, path: str) -> bool:
        """Return whether a pattern matches a path, or a folder above it."""
        return self.last(path) >= 0

    def last(self, path: str) -> int:
        """Return the number of the last pattern that matches a path, or -1."""
        states, matched = self._first, 0
        for char in path:
            if char == "/":
                matched |= states & self._last
            go, stay = self._known.get(char) or self._moves(char)
            states = self._closed((states & go) << 1 | states & stay)
            Automaton.steps += 1
            if not states:
                break
        matched |= states & self._last
        return bisect_left(self._ends, matched.bit_length() - 1) if matched else -1

    def _closed(self, states: int) -> int:
        """Add the states that are reached without a character."""
        new = states
        while new:
            new = (new & self._skip) << 1 | (new & self._skip2) << 2
            new &= ~states
            states |= new
        return states

    def _moves(self, char: str) -> tuple[int, int]:
        """Return the states that advance with a character, and those that stay."""
        place = bisect_right(self._bounds, ord(char))
        found = self._known.get(place)
        if found is None:
            # A state inside leaves with a slash, and may as well go on.
            go, stay = self._inside if char == "/" else 0, 0
            for allowed, bits in self._go.items():
                go |= bits * allowed.has(char)
            for allowed, bits in self._stay.items():
                stay |= bits * allowed.has(char)
            found = self._known[place] = go, stay
        self._known[char] = found
        return found


def _expression(pattern: str) -> str:
    """Write a pattern as the expression that moby hands to Go.

    Brackets mean nothing to it: a wildcard within them is written out as well, and it
    is that text which they are then read from. A ``^`` is not escaped.
    """
    parts: list[str] = []
    at, end = 0, len(pattern)
    while at < end:
        char = pattern[at]
        at += 1
        if char == "*" and pattern.startswith("*", at):
            at += 1
            at += pattern.startswith("/", at)
            parts.append(".*" if at == end else "(.*/)?")
        elif char == "\\":
            parts.append(pattern[at - 1 : at + 1])
            at += 1
        else:
            parts.append(_WRITTEN.get(char, char))
    return "".join(parts)


_WRITTEN = {"*": "[^/]*", "?": "[^/]", **{char: "\\" + char for char in ".+()|{}$"}}


def _tokens(expression: str) -> list[tuple[int, CharacterClass]]:
    """Return the tokens of such an expression, and of no other kind."""
    tokens: list[tuple[int, CharacterClass]] = []
    at = 0
    while at < len(expression):
        char = expression[at]
        at += 1
        kind, allowed = _ONE, ANY
        if char == "(":
            at += len(".*/)?")
            # Twice would be the same as once.
            if not (tokens and tokens[-1][0] == _INSIDE):
                tokens.append((_DEEP, ANY))
                tokens.append((_INSIDE, ANY))
            continue
        if char == "[":
            allowed, at = members(expression, at)
        elif char == "\\" and at == len(expression):
            # It escapes the `$` that moby adds: no end is left to be reached.
            tokens += [(_ONE, literal("$")), (_STAR, CharacterClass([], negated=True))]
            break
        elif char == "\\":
            allowed, at = escaped(expression[at]), at + 1
        elif char == "^":
            kind = _START
        elif char != ".":
            allowed = literal(char)
        if char in "[." and expression.startswith("*", at):
            kind, at = _STAR, at + 1
        tokens.append((kind, allowed))
    return tokens


def _check(pattern: str) -> None:
    """Reject the patterns that moby rejects by Go's ``filepath.Match`` with ``.``.

    That looks no further than the first ``*`` that does not lead on from there, so that
    `*[-_]` passes; an error behind it shows once a path is compared.
    """
    start = len(pattern) - len(pattern.lstrip("*"))
    stop = _check_part(pattern, start)
    if _is_dot(pattern[start:stop]):
        _check_part(pattern, stop + len(pattern[stop:]) - len(pattern[stop:].lstrip("*")))


def _is_dot(part: str) -> bool:
    """Return whether a part without ``*`` can be a single dot."""
    if part.startswith("["):
        allowed, end = members(part, 1)
        return end == len(part) and allowed.has(".")
    return part in (".", "?", "\\.")


def _check_part(pattern: str, at: int) -> int:
    """Check a pattern up to its next ``*``; return where that is."""
    while at < len(pattern) and pattern[at] != "*":
        char = pattern[at]
        at += 1
        if char == "\\":
            if at == len(pattern):
                raise BadPatternError("nothing follows the backslash at the end")
            at += 1
        elif char == "[":
            at = _check_set(pattern, at)
    return at


def _check_set(pattern: str, at: int) -> int:
    at += pattern.startswith("^", at)
    first = True
    while first or not pattern.startswith("]", at):
        at = _check_member(pattern, at)
        if pattern.startswith("-", at):
            at = _check_member(pattern, at + 1)
        first = False
    return at + 1


def _check_member(pattern: str, at: int) -> int:
    found = pattern[at : at + 1]
    if found in ("-", "]") and found:
        raise BadPatternError(f"{found} needs a backslash before it in brackets")
    at += 2 if found == "\\" else 1
    if at >= len(pattern):
        raise BadPatternError("a bracket is not closed")
    return at
