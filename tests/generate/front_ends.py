"""The table of the rules that hold for containers without Compose, made of their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.frontends.translations import NAMES
from tests.generate.pages import DOCS, table, with_block

if TYPE_CHECKING:
    from pathlib import Path


def page() -> dict[Path, str]:
    """Return the page with the table."""
    # It loads every rule, which the index may not know yet.
    from tests.frontends.test_rules_hold import cases

    path = DOCS / "without-compose.md"
    held: dict[str, set[str]] = {}
    for rule, front_end, _, _ in cases():
        held.setdefault(rule.name, set()).add(front_end)
    rows = [
        f"| [{rule}](rules/{rule}.md) | "
        + " | ".join("yes" if one in front_ends else "" for one in NAMES)
        + " |"
        for rule, front_ends in sorted(held.items())
    ]
    made = table(("rule", *NAMES), rows)
    return {path: with_block(path.read_text("utf-8"), "rules", made)}
