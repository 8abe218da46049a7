"""The terminal of the README as an SVG: the colours of a report, as tspans of one text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from tests.generate.command import printed
from tests.generate.pages import DOCS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PICTURE = DOCS / "pictures" / "check.svg"

_ADVANCE, _LEADING, _MARGIN = 7.83, 18, 16  # of 13px in a common monospace font
_COLORS = {
    "31": "#ff7b72",
    "32": "#7ee787",
    "33": "#e3b341",
    "34": "#79c0ff",
    "35": "#d2a8ff",
    "36": "#56d4dd",
    "90": "#8b949e",
}
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<text font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" \
font-size="13" fill="#e6edf3" xml:space="preserve">
"""


def files() -> dict[Path, str]:
    """Return the picture of a check of the first project."""
    # This repository has a configuration of its own.
    words = ("check", "first-look", "--no-config", "--color", "always")
    done = printed(ROOT / "linter" / "docs", *words)
    assert done.returncode == 1, done.stderr
    return {PICTURE: drawn("tightship check first-look", done.stdout)}


def drawn(command: str, printed: str) -> str:
    """Return the picture of a terminal after a command that printed this, with colours."""
    lines = [f"\x1b[90m$\x1b[0m \x1b[1m{command}\x1b[0m", *printed.splitlines()]
    columns = max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines)
    width = round(columns * _ADVANCE) + 2 * _MARGIN
    height = len(lines) * _LEADING + 2 * _MARGIN
    picture = _HEAD.format(width=width, height=height, label=escape(command))
    for number, line in enumerate(lines, 1):
        y = _MARGIN + number * _LEADING - 5
        picture += f'<tspan x="{_MARGIN}" y="{y}">{_line(line)}</tspan>\n'
    return f"{picture}</text>\n</svg>\n"


def _line(line: str) -> str:
    pieces, codes = list[str](), list[str]()
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            new = part[2:-1].split(";")
            codes = [] if new == ["0"] else [*codes, *new]
        elif part:
            style = _style(codes)
            text = escape(part, quote=False)
            pieces.append(f"<tspan{style}>{text}</tspan>" if style else text)
    return "".join(pieces)


def _style(codes: list[str]) -> str:
    colors = [_COLORS[code] for code in codes if code in _COLORS]
    style = f' fill="{colors[-1]}"' if colors else ""
    if "1" in codes:
        style += ' font-weight="bold"'
    if "2" in codes:
        style += ' fill-opacity="0.6"'
    return style
