"""The tables about other linters: each of their checks, and the rules here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, table, with_block

from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES
from tightship_annexes.migration.translation import every_check

if TYPE_CHECKING:
    from pathlib import Path


def pages() -> dict[Path, str]:
    """Return the pages with the tables."""
    migrating, others = DOCS / "migrating.md", DOCS / "other-linters.md"
    return {
        migrating: _with_checks(migrating.read_text("utf-8")),
        others: with_block(others.read_text("utf-8"), "coverage", _coverage()),
    }


def _with_checks(text: str) -> str:
    rules = rules_by_alias()
    for linter, checks in every_check().items():
        rows = list[str]()
        for check in sorted(checks, key=lambda one: _by_number(one.id)):
            here = ", ".join(f"[{name}](rules/{name}.md)" for name in rules.get(check.id, ()))
            cells = f"`{check.id}`", check.about, here or "none", check.differences
            rows.append(f"| {' | '.join(cells)} |")
        block = table((linter, "description", "rule", "difference"), rows)
        text = with_block(text, f"table: {linter}", block)
    return text


def _coverage() -> str:
    rows = list[str]()
    for linter, checks in every_check().items():
        without = [check.absent for check in checks if check.absent]
        reason = max(without, key=without.count) if without else ""
        rows.append(f"| {linter} | {len(checks)} | {len(checks) - len(without)} | {reason} |")
    head = ("linter", "checks", "with a rule here", "usual reason for the others")
    return table(head, rows)


def rules_by_alias() -> dict[str, list[str]]:
    """Return the names of the rules that find what each check of another linter finds."""
    rules: dict[str, list[str]] = {}
    for rule in every_rule():
        for alias in {*rule.aliases}.difference(FORMER_NAMES.values()):
            rules.setdefault(alias, []).append(rule.name)
    return rules


def _by_number(alias: str) -> list[tuple[int, str]]:
    """Return what sorts `X_2` before `X_10`."""
    parts = re.split(r"(\d+)", alias)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
