"""Lines, and what lies between tokens, as YAML sees them."""

from __future__ import annotations

import re

BREAKS = "\n\r\x85\u2028\u2029"
"""What ends a line for YAML 1.1, and so for both parsers and for Compose."""

GAP = rf"(?:[ \t{BREAKS}]|#[^{BREAKS}]*+)*+"
"""A pattern for what may lie between two tokens: space, line ends, comments."""

_LINE = re.compile(f"[^{BREAKS}]*")


def line_around(text: str, index: int) -> tuple[int, int]:
    """Return where the line of an index starts and ends, without its line end."""
    start = max([text.rfind(mark, 0, index) for mark in BREAKS]) + 1
    found = _LINE.match(text, index)
    return start, found.end() if found else index
