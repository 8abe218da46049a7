r"""Character classes in a ``.dockerignore`` pattern, as Go's ``regexp`` reads them.

Brackets and backslashes reach it unchanged, so that ``[[:digit:]]`` and ``\d`` are
digits.
"""

from __future__ import annotations

_Ranges = list[tuple[int, int]]
_LAST = 0x10FFFF


class BadPatternError(ValueError):
    """A pattern for which Docker rejects the file."""


class CharacterClass:
    """The characters that match at a place, as ranges of code points."""

    __slots__ = ("negated", "ranges")

    def __init__(self, ranges: _Ranges, *, negated: bool = False) -> None:
        self.ranges = tuple(ranges)
        self.negated = negated

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CharacterClass) and (self.ranges, self.negated) == (
            other.ranges,
            other.negated,
        )

    def __hash__(self) -> int:
        return hash((self.ranges, self.negated))

    def bounds(self) -> list[int]:
        """Return the code points at which the membership may change."""
        return [bound for lo, hi in self.ranges for bound in (lo, hi + 1)]

    def has(self, char: str) -> bool:
        """Return whether a character is in the set."""
        code = ord(char)
        return any(lo <= code <= hi for lo, hi in self.ranges) != self.negated


def _of(*pairs: str) -> _Ranges:
    return [(ord(pair[0]), ord(pair[-1])) for pair in pairs]


ANY = CharacterClass(_of("\n"), negated=True)
"""The class of ``.`` in an expression."""

_CLASSES = {
    "alnum": _of("09", "AZ", "az"),
    "alpha": _of("AZ", "az"),
    "ascii": _of("\0\x7f"),
    "blank": _of("\t", " "),
    "cntrl": _of("\0\x1f", "\x7f"),
    "digit": _of("09"),
    "graph": _of("!~"),
    "lower": _of("az"),
    "print": _of(" ~"),
    "punct": _of("!/", ":@", "[`", "{~"),
    "space": _of("\t\r", " "),
    "upper": _of("AZ"),
    "word": _of("09", "AZ", "az", "_"),
    "xdigit": _of("09", "AF", "af"),
}
_SHORT = {"d": _of("09"), "s": _of("\t\n", "\f\r", " "), "w": _CLASSES["word"]}
_CONTROL = dict(zip("afnrtv", "\a\f\n\r\t\v", strict=True))


def literal(char: str) -> CharacterClass:
    """Return the set of one character."""
    return CharacterClass(_of(char))


def escaped(char: str) -> CharacterClass:
    r"""Return the class of a backslash and a character.

    Letters that are more than a class in Go (``\b``, ``\x41``, ``\pL``) are rejected
    like unknown ones: they make no sense in a path.
    """
    short = _SHORT.get(char.lower())
    if short is None:
        return literal(_escaped_char(char))
    return CharacterClass(short, negated=char.isupper())


def members(expression: str, at: int) -> tuple[CharacterClass, int]:
    """Read a set after its ``[``; return it and where it ends."""
    negated = expression.startswith("^", at)
    at += negated
    first = at
    ranges: _Ranges = []
    while at == first or not expression.startswith("]", at):
        named = _named(expression, at)
        if named is not None:
            found, at = named
            ranges += found
            continue
        lo, at = _member(expression, at)
        hi = lo
        if expression.startswith("-", at) and not expression.startswith("]", at + 1):
            hi, at = _member(expression, at + 1)
        if hi < lo:
            raise BadPatternError(f"the range {lo}-{hi} in brackets is backwards")
        ranges.append((ord(lo), ord(hi)))
    return CharacterClass(ranges, negated=negated), at + 1


def _named(expression: str, at: int) -> tuple[_Ranges, int] | None:
    r"""Read ``[:digit:]`` or ``\d`` within brackets."""
    if expression.startswith("[:", at):
        end = expression.find(":]", at + 2)
        if end >= 0:
            name = expression[at + 2 : end].removeprefix("^")
            found = _CLASSES.get(name)
            if found is None:
                raise BadPatternError(f"unknown character class [:{name}:]")
            inverse = expression.startswith("^", at + 2)
            return _inverse(found) if inverse else found, end + 2
    short = _SHORT.get(expression[at + 1 : at + 2].lower())
    if short is not None and expression.startswith("\\", at):
        return _inverse(short) if expression[at + 1].isupper() else short, at + 2
    return None


def _member(expression: str, at: int) -> tuple[str, int]:
    char = expression[at : at + 1]
    if char == "\\":
        at += 1
        char = expression[at : at + 1]
        if char:
            return _escaped_char(char), at + 1
    if not char:
        raise BadPatternError("a bracket is not closed")
    return char, at + 1


def _escaped_char(char: str) -> str:
    if char in _CONTROL:
        return _CONTROL[char]
    if char.isalnum() or not char.isascii():
        raise BadPatternError(f"a backslash before {char} means nothing")
    return char


def _inverse(ranges: _Ranges) -> _Ranges:
    gaps: _Ranges = []
    start = 0
    for lo, hi in sorted(ranges):
        if start < lo:
            gaps.append((start, lo - 1))
        start = hi + 1
    return [*gaps, (start, _LAST)]
