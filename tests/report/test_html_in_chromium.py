"""The page for a browser, in a browser: nothing is asked for, and the keyboard does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.report.chromium import PROGRAM, Browser
from tests.report.test_html import PROJECT

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")

# What the keyboard has to come to, in the order of the page.
_REACHABLE = "a[href], summary, [tabindex='0']"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "compose.yaml").write_text(PROJECT)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main(["check", "--output-format", "html=page.html"])
    return folder / "page.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_the_page_makes_no_request_and_fits(
    browser: Browser, page: Path, scheme: str, width: int
) -> None:
    browser.emulate(scheme, width)
    browser.open(page)
    assert browser.complaints == []
    assert browser.requests == []
    assert browser.value("document.documentElement.scrollWidth") <= width
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 28)"}[scheme]


def test_a_script_would_not_run(browser: Browser, page: Path) -> None:
    bad = page.with_name("bad.html")
    text = page.read_text(encoding="utf-8")
    bad.write_text(
        text.replace(
            "</main>",
            "<script>document.title = 'changed'</script>"
            '<img src="https://example.invalid/x.png"></main>',
        ),
        encoding="utf-8",
    )
    browser.open(bad)
    assert browser.value("document.title") == "compose.yaml – Tightship"
    assert any("Content Security Policy" in text for text in browser.complaints)


def test_the_keyboard_reaches_everything_that_opens_or_scrolls(
    browser: Browser, page: Path
) -> None:
    browser.emulate("light", 1200)
    browser.open(page)
    count = browser.value(f'document.querySelectorAll("{_REACHABLE}").length')
    assert count > 10
    seen = list[int]()
    index = f'[...document.querySelectorAll("{_REACHABLE}")].indexOf(document.activeElement)'
    for _ in range(count):
        browser.press("Tab")
        seen.append(browser.value(index))
        outline = browser.value("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    hidden = browser.value(
        f'[...document.querySelectorAll("{_REACHABLE}")].filter('
        "e => !e.checkVisibility({contentVisibilityAuto: true})).length"
    )
    assert seen[: count - hidden] == sorted(set(seen[: count - hidden]))
    assert len(set(seen) - {-1}) >= count - hidden


def test_the_keyboard_opens_folded_parts(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.value("document.querySelector('details.connections > summary').focus()")
    is_open = "document.querySelector('details.connections').open"
    assert browser.value(is_open) is False
    browser.press("Enter")
    assert browser.value(is_open) is True


def test_a_screen_reader_gets_names_and_roles(browser: Browser, page: Path) -> None:
    browser.open(page)
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    found = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    }
    roles = {role for role, _ in found}
    assert {"banner", "main", "contentinfo", "table", "article", "heading"} <= roles
    pictures = [name for role, name in found if role in ("image", "img", "graphics-document")]
    assert any(name.startswith("Who reaches what in compose.yaml") for name in pictures)
    assert ("article", "agent") in found
    assert ("rowheader", "root file system") in found
