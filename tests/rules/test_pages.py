"""Rule pages are golden files: generated from the rules, committed, compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tightship.rules import every_rule
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.conftest import Golden

PAGES = Path(__file__).parents[2] / "linter" / "docs" / "rules"


def test_every_page_is_up_to_date(golden: Golden) -> None:
    stale = list[str]()
    for rule in every_rule():
        try:
            golden(PAGES / f"{rule.name}.md", page(rule))
        except AssertionError as error:
            stale.append(str(error))
    assert not stale, "\n".join(stale)


def test_no_page_outlives_its_rule() -> None:
    assert {p.stem for p in PAGES.glob("*.md")} == {rule.name for rule in every_rule()}
