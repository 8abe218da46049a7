"""The picture of the README: a session in a terminal, drawn from what its commands print."""

from __future__ import annotations

import re
import subprocess
from html import escape
from itertools import groupby
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tests.generate.command import environment
from tests.generate.pages import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

DEMO = DOCS / "pictures" / "demo.sh"
PICTURE = DOCS / "pictures" / "first-look.svg"
COLUMNS = 61  # readable on a phone

_SCENES = {
    "1 An override file gives away the host": {"tightship check": r"error: |^  (\d| )+\|"},
    "2 The path there, from a published port": {
        "tightship map": r"^  outside -> .*host$|^    port |One change"
    },
    "3 Without that file, one command hardens the rest": {
        "rm compose.override.yaml": r".",
        "tightship harden --write": r"^web|^  \+|^Hardened",
        "tightship check": r".",
    },
}
"""The captions, and below each the commands, with the lines of their output that are shown."""

_ADVANCE, _LEADING, _MARGIN = 9.04, 20, 18  # of 15px in a common monospace font
_CAPTION = 36
_STYLES = {"1": "b", "2": "d", "31": "r", "32": "g", "33": "y", "34": "u", "35": "m", "36": "c"}
_DARK = {
    "ground": "#0d1117",
    "edge": "#30363d",
    "text": "#e6edf3",
    "d": "#9198a1",
    "r": "#ff7b72",
    "g": "#7ee787",
    "y": "#e3b341",
    "u": "#79c0ff",
    "m": "#d2a8ff",
    "c": "#56d4dd",
}
_LIGHT = {
    "ground": "#ffffff",
    "edge": "#d1d9e0",
    "text": "#1f2328",
    "d": "#59636e",
    "r": "#c4161c",
    "g": "#1a7f37",
    "y": "#8a5a00",
    "u": "#0969da",
    "m": "#8250df",
    "c": "#1b7c83",
}
_HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<view id="only-light"/><view id="only-dark"/>
<style>
{light}
@media (prefers-color-scheme: dark) {{ {dark} }}
#only-light:target ~ .page {{ {light_values} }}
#only-dark:target ~ .page {{ {dark_values} }}
.page rect {{ fill: var(--ground); stroke: var(--edge) }}
text {{ fill: var(--text); font: 15px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, \
monospace; white-space: pre }}
.caption {{ font: 600 17px system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif }}
.b {{ font-weight: bold }}
{styles}
</style>
<g class="page">
<rect x="0.5" y="0.5" width="{inner_width}" height="{inner_height}" rx="8"/>
"""


class Cell(NamedTuple):
    """A character, with the classes that paint it."""

    char: str
    style: str


def files() -> dict[Path, str]:
    """Return the picture of the demonstration."""
    return {PICTURE: drawn(demonstrated())}


def demonstrated() -> str:
    """Return what the demonstration prints in a terminal with colours."""
    with TemporaryDirectory() as home:
        colours = {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["sh", DEMO],
            cwd=home,
            env={**environment(DEMO.parent), **colours},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def drawn(printed: str) -> str:
    """Return the picture of a session, with the lines that it shows of each command."""
    outputs = re.split(r"^\$ (.+)\n", printed, flags=re.MULTILINE)[1:]
    steps = list(zip(outputs[::2], outputs[1::2], strict=True))
    wanted = [(caption, *one) for caption, scene in _SCENES.items() for one in scene.items()]
    body, y, last = list[str](), _MARGIN, ""
    for (caption, command, shown), (typed, output) in zip(wanted, steps, strict=True):
        assert typed == command
        if caption != last:
            y += _CAPTION if last else _CAPTION - _MARGIN
            body.append(f'<text class="caption" x="{_MARGIN}" y="{y}">{escape(caption)}</text>')
            y, last = y + 8, caption
        for cells in (_cells(f"\x1b[2m$\x1b[0m \x1b[1m{typed}\x1b[0m"), *_shown(output, shown)):
            y += _LEADING
            body.append(f'<text x="{_MARGIN}" y="{y}">{_spans(cells)}</text>')
    width, height = round(COLUMNS * _ADVANCE) + 2 * _MARGIN, y + _MARGIN
    head = _HEAD.format(
        width=width,
        height=height,
        inner_width=width - 1,
        inner_height=height - 1,
        label="; ".join(_SCENES),
        light=f".page {{ {_values(_LIGHT)} }}",
        dark=f".page {{ {_values(_DARK)} }}",
        light_values=_values(_LIGHT),
        dark_values=_values(_DARK),
        styles="\n".join(f".{name} {{ fill: var(--{name}) }}" for name in "drgyumc"),
    )
    return head + "".join(f"{line}\n" for line in body) + "</g>\n</svg>\n"


def _values(colors: dict[str, str]) -> str:
    return "; ".join(f"--{name}: {color}" for name, color in colors.items())


def _shown(output: str, pattern: str) -> Iterator[list[Cell]]:
    """Yield the lines of an output that match, wrapped; an ellipsis for lines left out."""
    left_out = False
    for line in output.rstrip("\n").splitlines():
        cells = _cells(line)
        if re.search(pattern, "".join(cell.char for cell in cells)):
            yield from _wrapped(cells)
            left_out = False
        elif cells and not left_out:
            yield _cells("\x1b[2m…\x1b[0m")
            left_out = True


def _cells(line: str) -> list[Cell]:
    """Return the characters of a line with the styles that its escapes select."""
    cells, codes = list[Cell](), list[str]()
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            new = part[2:-1].split(";")
            codes = [] if new == ["0"] else [*codes, *new]
        else:
            style = " ".join(_STYLES[code] for code in codes if code in _STYLES)
            cells += [Cell(char, style) for char in part]
    return cells


def _wrapped(cells: list[Cell]) -> Iterator[list[Cell]]:
    """Yield a line in lines of the terminal, those after the first indented by two more."""
    text = "".join(cell.char for cell in cells)
    indent = [Cell(" ", "")] * (len(text) - len(text.lstrip()) + 2)
    lead = list[Cell]()
    while len(lead) + len(cells) > COLUMNS:
        room = COLUMNS - len(lead)
        end = next((at for at in range(room, 0, -1) if cells[at].char == " "), room)
        yield [*lead, *cells[:end]]
        cells, lead = cells[end:], indent
        while cells and cells[0].char == " ":
            cells = cells[1:]
    yield [*lead, *cells]


def _spans(cells: Sequence[Cell]) -> str:
    pieces = list[str]()
    for style, group in groupby(cells, key=lambda cell: cell.style):
        text = escape("".join(cell.char for cell in group), quote=False)
        pieces.append(f'<tspan class="{style}">{text}</tspan>' if style else text)
    return "".join(pieces)
