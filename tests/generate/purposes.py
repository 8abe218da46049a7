"""The table of the findings that are infos by the purpose of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, table, with_block

from tightship.lazy.modules import facts

if TYPE_CHECKING:
    from pathlib import Path


def page() -> dict[Path, str]:
    """Return the page with the table."""
    path = DOCS / "severity.md"
    rows = [
        f"| {one['about']} | {', '.join(one['purposes'])} | {', '.join(map(_code, one['rules']))} |"
        for one in facts("purposes").values()
    ]
    made = table(("about", "info in", "rules"), rows)
    return {path: with_block(path.read_text("utf-8"), "purposes", made)}


def _code(rule: str) -> str:
    return f"`{rule}`"
