"""The site for people who use a keyboard, a screen reader or a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.accessibility.axe import needs_axe, violations

if TYPE_CHECKING:
    from tests.report.chromium import Browser

_PAGES = ("index.html", "rules.html", "rules/docker-socket-mounted.html")


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", _PAGES)
def test_axe_finds_nothing(
    browser: Browser, address: str, page: str, scheme: str, width: int
) -> None:
    browser.emulate(scheme, width)
    browser.open(address + page)
    # The theme adds the buttons of code when it has started.
    browser.until("document.readyState === 'complete' && typeof document$ === 'object'")
    assert violations(browser) == []


def test_the_keyboard_reaches_every_link_of_the_front_page(browser: Browser, address: str) -> None:
    browser.emulate("light", 1280)
    browser.open(f"{address}index.html")
    wanted = set(
        browser.value(
            "[...document.querySelectorAll('article :is(a[href], summary)')].map(e => e.innerText)"
        )
    )
    assert {"All rules", "The whole workflow", "pre-commit"} <= wanted
    reached = set[str]()
    for _ in range(60):
        browser.press("Tab")
        reached.add(browser.value("document.activeElement.innerText"))
    assert wanted <= reached


@pytest.mark.parametrize(("width", "is_open"), [(1280, True), (390, False)])
def test_the_filters_fold_on_a_narrow_screen(
    browser: Browser, address: str, width: int, is_open: bool
) -> None:
    browser.emulate("light", width)
    browser.open("about:blank")
    browser.open(f"{address}rules.html#severity=error")
    summary = "document.querySelector('.rule-filters summary')"
    browser.until(f"{summary}?.textContent === 'Filters (1 used)'")
    severity = "document.querySelector('.rule-filters [name=severity]')"
    assert browser.value(f"{severity}.checkVisibility()") is is_open
    assert browser.value(f"{summary}.checkVisibility()") is not is_open
    if not is_open:
        browser.value(f"{summary}.focus()")
        browser.press("Enter")
        assert browser.value(f"{severity}.checkVisibility()") is True
    top = "document.querySelector('table.rules:not([hidden])').getBoundingClientRect().top"
    if not is_open:
        browser.press("Enter")
        assert browser.value(top) < 800


def test_the_picture_follows_the_scheme_of_the_site(browser: Browser, address: str) -> None:
    """Also where a reader chose another scheme than the system has."""
    browser.emulate("light", 1280)
    browser.open(f"{address}index.html")
    for scheme, end in (("default", "only-light"), ("slate", "only-dark")):
        browser.value(f"document.body.dataset.mdColorScheme = '{scheme}'")
        content = "getComputedStyle(document.querySelector('article img')).content"
        assert end in browser.value(content)
