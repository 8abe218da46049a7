r"""The patterns in ``${v#p}``, ``${v%p}`` and ``${v/p/r}``.

BuildKit (frontend/dockerfile/shell/lex.go, ``convertShellPatternToRegex``) turns them
into regular expressions of Go: ``*`` is any run and ``?`` any one character, neither
takes a line end, and ``\*``, ``\?``, ``\\``, ``\}`` and ``\/`` stand for themselves.
There are no brackets, and any other escape is rejected.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    import re

_CHARACTER = regex(r"(?s)\\?.")


def cost(pattern: str, value: str, *, anchored: bool) -> int:
    """Return how many steps it may take, at worst, to match a pattern in a value.

    Runs never give back what they took, so that one attempt costs a product only.
    """
    once = (len(pattern) + 1) * (len(value) + 1)
    return once if anchored or "*" not in pattern else once * (len(value) + 1)


def trimmed(value: str, pattern: str, mark: str) -> str | None:
    """Trim a pattern off the start (``#``) or end (``%``); ``None`` if it is rejected.

    The longest match goes if the pattern begins with the mark once more. An end is the
    start of the reversed value, for BuildKit too (``trimSuffix``).
    """
    greedy = pattern.startswith(mark)
    if greedy:
        pattern = pattern[1:]
    if mark == "%":
        left = _without_start(value[::-1], _reversed(pattern), greedy=greedy)
        return None if left is None else left[::-1]
    return _without_start(value, pattern, greedy=greedy)


def replaced(value: str, pattern: str, replacement: str, *, everywhere: bool) -> str | None:
    """Replace the matches of a pattern; ``None`` if the pattern is rejected."""
    compiled = _compile(pattern, greedy=True)
    if compiled is None:
        return None
    pieces: list[str] = []
    end = 0
    for found in compiled.finditer(value):
        # As Go does, and Python does not: no empty match right after another one.
        if found.start() == found.end() == end and end > 0:
            continue
        pieces += value[end : found.start()], replacement
        end = found.end()
        if not everywhere:
            break
    return "".join(pieces) + value[end:]


def _without_start(value: str, pattern: str, *, greedy: bool) -> str | None:
    compiled = _compile(pattern, greedy=greedy)
    if compiled is None:
        return None
    found = compiled.match(value)
    return value[found.end() :] if found else value


def _compile(pattern: str, *, greedy: bool) -> re.Pattern[str] | None:
    """Translate a pattern; ``None`` if it has an escape that BuildKit rejects.

    Each ``*`` takes the least that leads to the next part, and keeps that: anything
    that can follow a later place can follow the first one. Only the last ``*`` decides
    where the match ends, the first or the last such place of the line.
    """
    import re

    parts = _parts(pattern)
    if parts is None:
        return None
    first, *rest = parts
    atoms = [f"(?>.*?{part})" for part in rest]
    if greedy and rest:
        atoms[-1] = f"(?>.*{rest[-1]})"
    return re.compile(first + "".join(atoms))


def _parts(pattern: str) -> list[str] | None:
    """Return the parts between the ``*``, as regular expressions."""
    from re import escape

    parts = [list[str]()]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            parts.append([])
        elif character == "?":
            parts[-1].append(".")
        elif character == "\\":
            escaped = next(characters, "")
            if not escaped or escaped not in "*?\\}/":
                return None
            parts[-1].append(escape(escaped))
        else:
            parts[-1].append(escape(character))
    return ["".join(part) for part in parts]


def _reversed(pattern: str) -> str:
    r"""Reverse a pattern, keeping escapes together: ``a\*c`` is ``c\*a``."""
    return "".join(reversed(_CHARACTER.findall(pattern)))
