"""Secrets in a text of any language, searched line by line.

A parser of the language finds more, and only real values. This serves to redact text
that is shown to others: also a value that another file overrides, a comment, and a
duplicate key.
"""

from __future__ import annotations

import re

from tightship.lazy.regex import regex
from tightship.values.secret import known_tokens, looks_like_secret, url_passwords

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# Every line with a secret has one of these: words in its name, or the `@` of a URL.
_HINT = regex(r"@|pass|pw|secret|token|key|cred|auth", re.IGNORECASE)
_LINE_END = regex(r"[\r\n]")
# ``NAME=value``, ``"name": "value"``, ``--name value``, ``ENV NAME value``. The value is
# looked at only, for it may hold a name with its value itself.
_NAMED = regex(
    r"""(?:(?<![\w.-])(?<!\$\{)-{0,2}(?P<name>[A-Za-z_][\w.-]{0,199})["']?\]?[ \t]{0,40}(?:=>|[:=])[ \t]{0,40}"""
    r"""|(?<![\w-])(?:--|(?i:ENV)[ \t]{1,40})(?P<word>[A-Za-z_][\w.-]{0,199})[ \t]{1,40})"""
    r"""(?=(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,;}\]"']+))"""
)
_DEFAULT = regex(r"\$\{\w{1,200}:?-")
_LONGEST_LINE = 4_000


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Find what looks like a secret, each with its start and its end.

    They are in no order, and may overlap. Very long lines are looked at for tokens only.
    """
    yield from ((token.start, token.end) for token in known_tokens(text))
    end = 0
    while (found := _HINT.search(text, end)) is not None:
        start, end = _line_at(text, found.start(), end)
        if end - start <= _LONGEST_LINE:
            line = text[start:end]
            yield from ((start + a, start + b) for a, b in _in_line(line))


def _line_at(text: str, at: int, least: int) -> tuple[int, int]:
    """Return the start and end of the line at an offset; it starts at ``least`` or later."""
    start = max(least, *(text.rfind(one, least, at) + 1 for one in "\r\n"))
    found = _LINE_END.search(text, at)
    return start, len(text) if found is None else found.start()


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    yield from url_passwords(line)
    for found in _NAMED.finditer(line):
        name, (start, end) = found["name"] or found["word"], found.span("value")
        if line[start] in "\"'":
            start, end = start + 1, end - 1
        default = _DEFAULT.match(line, start, end)
        if default:
            start, end = default.end(), end - (line[end - 1] == "}")
        if looks_like_secret(name, line[start:end]):
            yield start, end
