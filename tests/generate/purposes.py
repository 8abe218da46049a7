"""The table of the findings that are infos by the purpose of their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, table, with_block

from tightship.lazy.modules import facts
from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path


def page() -> dict[Path, str]:
    """Return the page with the table."""
    path = DOCS / "severity.md"
    usual = {rule.name: rule.severity.word for rule in every_rule()}
    purposes = ("development", "test", "fixture", "example")
    rows = [
        f"| [{rule}](rules/{rule}.md) | {group}: {one['about']} | {usual[rule]} | {cells} |"
        for group, one in facts("purposes").items()
        for rule in one["rules"]
        for cells in [
            " | ".join(
                "info" if purpose in one["purposes"] else usual[rule] for purpose in purposes
            )
        ]
    ]
    made = table(("rule", "about", "product", *purposes), rows)
    return {path: with_block(path.read_text("utf-8"), "purposes", made)}
