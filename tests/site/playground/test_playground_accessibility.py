"""The playground for people who use a screen reader: what axe-core finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.accessibility.axe import needs_axe, violations

if TYPE_CHECKING:
    from tests.site.playground.browsing import Page


@needs_axe
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_in_any_view(page: Page, scheme: str, width: int) -> None:
    page.emulate(scheme, width)
    for view in ("Findings", "Isolation", "Map", "Compare"):
        page.click("#results [role=tab]", view)
        if view == "Isolation":
            page.value("document.querySelector('.profiles summary').click()")
        if view == "Compare":
            page.click("#compare button", "Remember")
            page.until("document.querySelector('#compare [role=status]')")
        assert violations(page) == [], view
