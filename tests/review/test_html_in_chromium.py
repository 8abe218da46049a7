"""The page for a browser, in a browser: nothing is asked for, and the keyboard does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.report.chromium import PROGRAM, Browser
from tests.review.test_html import PROJECT

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")

# What the keyboard has to come to, in the order of the page.
_REACHABLE = "a[href], summary, input, select, [tabindex='0']"


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
    assert browser.value("document.title") == f"{page.parent.name} – Tightship"
    assert any("Content Security Policy" in text for text in browser.complaints)


def test_the_keyboard_reaches_everything_that_opens_or_scrolls(
    browser: Browser, page: Path
) -> None:
    browser.emulate("light", 1200)
    browser.open(page)
    visible = (
        f'[...document.querySelectorAll("{_REACHABLE}")]'
        ".filter(e => e.checkVisibility({contentVisibilityAuto: true}))"
    )
    count = browser.value(f"{visible}.length")
    assert count > 10
    seen = list[int]()
    for _ in range(count):
        browser.press("Tab")
        seen.append(browser.value(f"{visible}.indexOf(document.activeElement)"))
        outline = browser.value("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    assert seen == [*range(count)]


def test_the_keyboard_opens_folded_parts(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.value("document.querySelector('details.connections > summary').focus()")
    is_open = "document.querySelector('details.connections').open"
    assert browser.value(is_open) is False
    browser.press("Enter")
    assert browser.value(is_open) is True


def chosen(browser: Browser, field: str, value: str) -> list[str]:
    """Put a value into a field of the filter, and return the services and files shown."""
    browser.value(
        f"{{const one = document.querySelector('.filter {field}'); one.value = {value!r};"
        "one.dispatchEvent(new Event('input', {bubbles: true}))}"
    )
    return shown(browser)


def shown(browser: Browser) -> list[str]:
    names: list[str] = browser.value(
        "[...document.querySelectorAll('article h4')].filter(e => e.checkVisibility())"
        ".map(e => e.textContent)"
    )
    return names


def test_the_filter_leaves_services_findings_rows_and_projects(
    browser: Browser, page: Path
) -> None:
    (page.parent / "tests").mkdir(exist_ok=True)
    (page.parent / "tests/compose.yaml").write_text("services: {t: {image: redis:8}}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(page.parent)
        main(["check", "--output-format", "html=two.html"])
    browser.emulate("light", 1200)
    browser.open(page.with_name("two.html"))
    every = shown(browser)
    assert {"web", "api", "db", "agent", "t"} <= {*every}
    assert chosen(browser, "input", "DOCKER.sock mounted") == ["agent"]
    rows = "[...document.querySelectorAll('.overview tbody tr')].filter(e => !e.hidden).length"
    assert browser.value(rows) == 1
    status = "document.querySelector('[role=status]').textContent"
    assert browser.value(status) == f"1 of {len(every)} shown"
    assert chosen(browser, "input", "no such words") == []
    assert chosen(browser, "input", "") == every
    assert browser.value(status) == ""
    assert chosen(browser, "[name=purpose]", "test") == ["t"]
    chosen(browser, "[name=purpose]", "")
    assert "agent" in chosen(browser, "[name=grade]", "F")
    assert "web" not in shown(browser)
    chosen(browser, "[name=grade]", "")
    assert "agent" in chosen(browser, "[name=severity]", "error")
    blocks = "[...document.querySelectorAll('.block:not(.error)')].some(e => e.checkVisibility())"
    assert browser.value(blocks) is False
    # A link to what is hidden shows it, also in what is folded.
    browser.value("location.hash = 'tests-compose.yaml.t'")
    browser.until("document.querySelector('[name=severity]').value === ''")
    assert shown(browser) == every
    assert browser.complaints == []


def test_no_filter_hides_what_was_not_checked(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "compose.yaml").write_text("include: [missing.yaml]\nservices: {a: {image: b}}\n")
    (tmp_path / "web").mkdir()
    (tmp_path / "web/compose.yaml").write_text("services: {web: {image: nginx:1.29}}\n")
    monkeypatch.chdir(tmp_path)
    main(["check", "--output-format", "html=page.html"])
    browser.emulate("light", 1200)
    browser.open(tmp_path / "page.html")
    chosen(browser, "input", "nginx")
    is_seen = "document.querySelector('.unchecked').checkVisibility()"
    assert browser.value(is_seen) is True
    assert "a" not in shown(browser)


@pytest.mark.parametrize("width", [1200, 360])
def test_the_first_screen_says_what_to_do_first(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    names = "".join(f"  a-service-with-a-long-name-{n}: {{image: nginx:1.29}}\n" for n in range(57))
    last = "  z: {image: nginx:1.29, ports: ['80:80'], privileged: true}\n"
    (tmp_path / "compose.yaml").write_text(f"services:\n{names}{last}")
    monkeypatch.chdir(tmp_path)
    main(["check", "--output-format", "html=page.html"])
    browser.emulate("light", width)
    browser.open(tmp_path / "page.html")
    assert browser.value("document.documentElement.scrollWidth") <= width
    step = "document.querySelector('.first li')"
    assert browser.value(f"{step}.textContent").startswith("service z is privileged")
    assert browser.value(f"{step}.getBoundingClientRect().bottom") < 500
    path = "document.querySelector('.paths li')"
    if width == 1200:
        assert browser.value(f"{path}.getBoundingClientRect().bottom") < 800


def test_a_page_on_paper_has_what_is_folded(browser: Browser, page: Path) -> None:
    browser.emulate("dark", 1200)
    browser.open(page)
    height = "document.querySelector('details.connections').offsetHeight"
    folded = browser.value(height)
    browser.call("Emulation.setEmulatedMedia", media="print")
    assert browser.value(height) > folded + 100
    assert browser.value("document.querySelector('.filter').checkVisibility()") is False
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    browser.call("Emulation.setEmulatedMedia", media="")
    assert ground == "rgb(255, 255, 255)"


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
