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

_HINT = regex(r"pass|pw|secret|token|key|cred|auth", re.IGNORECASE)
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
    if "@" not in text and _HINT.search(text) is None:
        return
    start = 0
    for line in text.splitlines(keepends=True):
        if len(line) <= _LONGEST_LINE:
            yield from ((start + a, start + b) for a, b in _in_line(line))
        start += len(line)


def _in_line(line: str) -> Iterator[tuple[int, int]]:
    yield from url_passwords(line)
    if _HINT.search(line) is None:
        return
    for found in _NAMED.finditer(line):
        name, (start, end) = found["name"] or found["word"], found.span("value")
        if line[start] in "\"'":
            start, end = start + 1, end - 1
        default = _DEFAULT.match(line, start, end)
        if default:
            start, end = default.end(), end - (line[end - 1] == "}")
        if looks_like_secret(name, line[start:end]):
            yield start, end
