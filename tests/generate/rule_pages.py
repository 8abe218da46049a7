"""The page of each rule, and the tables of rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, README, ROOT, table, with_block

from tightship.rules import every_rule
from tightship.rules.page import page

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.rules.definition import Rule

PAGES = DOCS / "rules"
_RULES = "linter/docs/rules.md"
_STAND_INS = ROOT / "tests" / "lab" / "well_known"


def files() -> dict[Path, str | None]:
    """Return the page of each rule; a page without a rule is removed."""
    old = dict.fromkeys(PAGES.glob("*.md"))
    return {**old, **{PAGES / f"{rule.name}.md": page(rule) for rule in every_rule()}}


def tables() -> dict[Path, str]:
    """Return the pages that list or count rules and images."""
    rules, testing = DOCS / "rules.md", DOCS / "testing.md"
    return {
        README: _counted(with_block(README.read_text("utf-8"), "rules", _count())),
        rules: with_block(rules.read_text("utf-8"), "rules", _all_rules()),
        testing: _counted(testing.read_text("utf-8")),
    }


def _count() -> str:
    """Return the number of rules, with where they are listed and explained."""
    link = f"[{len(every_rule())} rules]({_RULES})"
    return f"\nThere are {link}; `tightship rule NAME` explains one.\n\n"


def _all_rules() -> str:
    """Return a table for each theme, with a row for each rule."""
    text = ""
    for theme, rules in _by_theme().items():
        rows = (
            f"| [{rule.name}](rules/{rule.name}.md) | {rule.severity.word} | {rule.set} |"
            f" {rule.summary} |"
            for rule in rules
        )
        lines = table(("rule", "severity", "set", ""), rows).rstrip("\n")
        text += f"\n## {_title(theme).capitalize()}\n{lines}\n"
    return f"{text}\n"


def _by_theme() -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in every_rule():
        found.setdefault(rule.theme, []).append(rule)
    return found


def _title(theme: str) -> str:
    return theme.replace("_", " ")


def _counted(text: str) -> str:
    """Return a page with the number of images that have a stand-in."""
    count = len([*_STAND_INS.glob("*.toml")]) - 1  # `roots.toml` is no stand-in
    text, found = re.subn(r"\b\d+ well-known images", f"{count} well-known images", text)
    assert found == 1
    return text
