"""Lines, and what lies between tokens, as YAML sees them."""

from __future__ import annotations

from tightship.lazy import regex

BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line for YAML 1.1, and so for both parsers and for Compose."""

GAP = rf"(?:[ \t{BREAKS}]|#[^{BREAKS}]*+)*+"
"""A pattern for what may lie between two tokens: space, line ends, comments."""

_LINE = regex(f"[^{BREAKS}]*")


def line_end(text: str, index: int) -> int:
    """Return where the line of an index ends, before its line end."""
    found = _LINE.match(text, index)
    return found.end() if found else index


def line_start(text: str, index: int) -> int:
    """Return where the line of an index starts; this may look at all before it."""
    return max([text.rfind(mark, 0, index) for mark in BREAKS]) + 1
