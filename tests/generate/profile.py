"""The tables of grades and weaknesses on the page about profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, with_block

from tightship.isolation.profile import BOUNDS
from tightship.isolation.weakness import HOST, WEAKNESSES

if TYPE_CHECKING:
    from pathlib import Path


def page() -> dict[Path, str]:
    """Return the page with the points of each grade and each weakness."""
    path = DOCS / "profile.md"
    text = with_block(path.read_text("utf-8"), "grades", _grades())
    return {path: with_block(text, "weaknesses", _weaknesses())}


def _grades() -> str:
    bounds = dict(BOUNDS)
    rows = [f"| {grade} | up to {bounds[grade]} |" for grade in bounds]
    rows.append(f"| E | more than {bounds['D']} |")
    rows.append("| F | any number, with a weakness marked F |")
    return "\n".join(("| grade | points |", "|---|---|", *rows, ""))


def _weaknesses() -> str:
    rows = [
        f"| {one.name} | {'F' if one.points >= HOST else one.points} | {one.why} |"
        for one in WEAKNESSES
    ]
    return "\n".join(("| weakness | points | why |", "|---|---|---|", *rows, ""))
