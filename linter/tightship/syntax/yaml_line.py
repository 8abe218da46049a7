"""Lines, and what lies between tokens, as YAML sees them."""

from __future__ import annotations

import functools
import re

BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line for YAML 1.1, and so for both parsers and for Compose."""

GAP = rf"(?:[ \t{BREAKS}]|#[^{BREAKS}]*+)*+"
"""A pattern for what may lie between two tokens: space, line ends, comments."""

_LINE = re.compile(f"[^{BREAKS}]*")


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when it is first needed: most are not in most runs."""
    return re.compile(pattern)


def line_end(text: str, index: int) -> int:
    """Return where the line of an index ends, before its line end."""
    found = _LINE.match(text, index)
    return found.end() if found else index


def line_start(text: str, index: int) -> int:
    """Return where the line of an index starts; this may look at all before it."""
    return max([text.rfind(mark, 0, index) for mark in BREAKS]) + 1
