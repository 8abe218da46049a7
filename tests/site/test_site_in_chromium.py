"""The site in a browser: filters, search, both schemes, narrow screens; nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.report.chromium import Browser
    from tests.site.conftest import BuiltSite

    from tightship.rules.definition import Rule

RULES = {rule.name: rule for rule in every_rule()}
_SHOWN = (
    "[...document.querySelectorAll('table.rules tbody tr')]"
    ".filter(row => row.checkVisibility()).map(row => row.querySelector('a').innerText)"
)
_STATUS = "document.querySelector('.rule-filters output')?.value"


def is_quiet(browser: Browser, address: str) -> None:
    """Fail if a page complained, or asked anyone but its own host."""
    assert browser.complaints == []
    assert [one for one in browser.requests if not one.startswith(address)] == []


def open_index(browser: Browser, address: str, fragment: str = "") -> None:
    browser.open("about:blank")  # else a new fragment would load nothing
    browser.open(f"{address}rules.html{fragment}")
    browser.until(f"!!{_STATUS}")


def shown(browser: Browser) -> set[str]:
    return set(browser.value(_SHOWN))


def focus(browser: Browser, selector: str) -> None:
    browser.value(f'document.querySelector("{selector}").focus()')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "rules.html",
        "rules/image-runs-as-root.html",
        "configuration.html",
        "other-linters.html",
        "integrations/index.html",
    ],
)
def test_a_page_fits_and_requests_nothing_else(
    browser: Browser, address: str, page: str, scheme: str, width: int
) -> None:
    browser.emulate(scheme, width)
    browser.open(address + page)
    is_quiet(browser, address)
    assert browser.value("document.documentElement.scrollWidth") <= width
    # How light the page is, of 255.
    ground = browser.until(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (max(ground[:3]) < 80) is (scheme == "dark")
    loaded = "[...document.images].every(one => one.complete && one.naturalWidth > 0)"
    assert browser.until(loaded)


def with_alias(alias: str) -> Callable[[Rule], bool]:
    return lambda rule: alias in rule.aliases


FITS: dict[str, Callable[[Rule], bool]] = {
    "": lambda rule: True,
    "#severity=error": lambda rule: rule.severity.word == "error",
    "#severity=error,info&language=dockerfile": lambda rule: (
        rule.severity.word != "warning" and rule.language != "compose"
    ),
    "#theme=supply_chain&fix=tightens": lambda rule: (
        rule.theme == "supply_chain" and rule.fix is not None and rule.fix.value == "tightens"
    ),
    "#set=hygiene,shellcheck": lambda rule: rule.set in ("hygiene", "shellcheck"),
    "#q=DL3008": with_alias("DL3008"),
    "#q=hadolint%3ADL3008": with_alias("DL3008"),
    "#q=ckv_docker_3": with_alias("checkov:CKV_DOCKER_3"),
    "#q=AVD-DS-0002": with_alias("trivy:DS-0002"),
    "#q=DS002": with_alias("trivy:DS-0002"),
    "#q=d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b": with_alias("kics:d6355c88"),
    "#q=root_user": lambda rule: "root-user" in rule.name,
    "#filesystem": lambda rule: True,
    "#q=no%20such%20rule%20at%20all": lambda rule: False,
}
"""The rules that a fragment of the address asks for."""


@pytest.mark.parametrize("fragment", FITS)
def test_an_address_shows_its_rules(browser: Browser, address: str, fragment: str) -> None:
    fits = FITS[fragment]
    open_index(browser, address, fragment)
    wanted = {name for name, rule in RULES.items() if fits(rule)}
    assert shown(browser) == wanted
    assert browser.value(_STATUS) == f"{len(wanted)} of {len(RULES)} rules"
    headings = browser.value(
        "[...document.querySelectorAll('.md-typeset h2')]"
        ".filter(one => one.checkVisibility()).map(one => one.id.replaceAll('-', '_'))"
    )
    assert set(headings) == {RULES[name].theme for name in wanted}
    is_quiet(browser, address)


def test_the_keyboard_filters_and_the_address_follows(browser: Browser, address: str) -> None:
    browser.emulate("light", 1400)
    open_index(browser, address)
    focus(browser, ".rule-filters [name=q]")
    browser.write("DL30")
    assert browser.value("location.hash") == "#q=DL30"
    browser.press("Tab")
    assert browser.value("document.activeElement.name") == "theme"
    browser.press("Tab")
    assert browser.value("document.activeElement.value") == "error"
    browser.press(" ")
    assert browser.value("location.hash") == "#severity=error&q=DL30"
    wanted = {
        name
        for name, rule in RULES.items()
        if rule.severity.word == "error" and any("DL30" in id_ for id_ in rule.aliases)
    }
    assert wanted
    assert shown(browser) == wanted
    outline = browser.value("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    # Someone to whom the address is sent sees the same.
    sent = browser.value("location.hash")
    open_index(browser, address, sent)
    assert shown(browser) == wanted


def test_the_button_clears_all_filters(browser: Browser, address: str) -> None:
    open_index(browser, address, "#theme=users&severity=warning&q=root")
    assert 0 < len(shown(browser)) < len(RULES)
    focus(browser, ".rule-filters button")
    browser.press("Enter")
    browser.until("location.hash === ''")
    assert shown(browser) == set(RULES)
    assert browser.value("document.activeElement.name") == "q"


def test_a_fact_of_a_rule_leads_to_the_rules_that_share_it(browser: Browser, address: str) -> None:
    browser.open(f"{address}rules/root-user.html")
    link = "document.querySelector('.rule-facts a[href*=\"theme=\"]').href"
    browser.open(browser.value(link))
    browser.until(f"!!{_STATUS}")
    assert shown(browser) == {name for name, rule in RULES.items() if rule.theme == "users"}


@pytest.mark.parametrize("width", [320, 400])
def test_a_narrow_screen_shows_every_fact(browser: Browser, address: str, width: int) -> None:
    browser.emulate("light", width)
    open_index(browser, address, "#q=privileged-container")
    assert browser.value("document.documentElement.scrollWidth") <= width
    row = browser.value(
        "[...document.querySelectorAll('table.rules tbody tr')]"
        ".find(row => row.checkVisibility()).innerText"
    )
    for text in ("privileged-container", "error", "Compose", "default", "CL-0002"):
        assert text in row
    browser.emulate("light", 1400)


def test_without_scripts_all_rules_are_there(browser: Browser, address: str) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open("about:blank")
        browser.open(f"{address}rules.html#severity=error")
        text = browser.value("document.querySelector('article').innerText")
        assert all(name in text for name in RULES)
        assert "Clear filters" not in text
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)


def search(browser: Browser, words: str) -> list[str]:
    """Type into the search of the site, and return the pages that it finds."""
    browser.until("!!document.querySelector('.md-search__input')")
    browser.value("document.querySelector('.md-search__input').focus()")
    browser.write(words)
    browser.until("document.querySelectorAll('.md-search-result__item').length > 0")
    found: list[str] = browser.value(
        "[...document.querySelectorAll('.md-search-result__item a')]"
        ".map(one => new URL(one.href).pathname.split('/').pop())"
    )
    return found


@pytest.mark.parametrize(
    "words",
    [
        "mutable-image-tag",
        "writable-root-filesystem",
        "DL3008",
        "CL-0001",
        "CKV_DOCKER_3",
        "d6355c88",
    ],
)
def test_the_search_puts_the_page_of_a_rule_first(
    browser: Browser, address: str, words: str
) -> None:
    wanted = {
        f"{name}.html"
        for name, rule in RULES.items()
        if words == name or any(words in alias for alias in rule.aliases)
    }
    browser.open("about:blank")
    browser.open(f"{address}index.html")
    found = search(browser, words)
    assert found[0] in wanted
    assert wanted <= set(found)
    is_quiet(browser, address)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("baseline", "adopting.html"),
        ("AVD-DS-0002", "migrating.html"),
        ("DS-0002", "image-runs-as-root.html"),
    ],
)
def test_the_search_finds_other_pages_and_forms(
    browser: Browser, address: str, words: str, page: str
) -> None:
    browser.open("about:blank")
    browser.open(f"{address}rules/root-user.html")
    assert page in search(browser, words)[:8]
    is_quiet(browser, address)


def test_the_site_works_from_the_disk(browser: Browser, site: BuiltSite) -> None:
    browser.open(site.folder / "rules.html")
    assert browser.value("location.protocol") == "file:"
    browser.until(f"!!{_STATUS}")
    assert shown(browser) == set(RULES)
    assert "image-runs-as-root.html" in search(browser, "CKV_DOCKER_3")[:8]
    assert browser.complaints == []
    assert [one for one in browser.requests if not one.startswith("file://")] == []
