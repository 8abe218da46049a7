"""Rule pages are golden files: generated from the rules, committed, compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.conftest import Golden

    from tightship.rules.kit import Rule

PAGES = Path(__file__).parents[2] / "linter" / "docs" / "rules"


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.name)
def test_page_is_up_to_date(rule: Rule, golden: Golden) -> None:
    golden(PAGES / f"{rule.name}.md", page(rule))


def test_no_page_outlives_its_rule() -> None:
    assert {p.stem for p in PAGES.glob("*.md")} == {rule.name for rule in every_rule()}
