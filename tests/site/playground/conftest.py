"""What tests of the playground share. They run only when `make test-playground` asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.report.chromium import PROGRAM
from tests.site.playground.browsing import BUILT, Page, Server

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--playground", action="store_true", help="use the playground in a browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    reason = ""
    if not config.getoption("--playground", default=False):
        reason = "the playground is tested by `make test-playground`"
    elif PROGRAM is None:
        reason = "there is no Chromium"
    elif not (BUILT / "index.html").exists():
        reason = "the playground is not built: `make playground` does that"
    for item in items if reason else ():
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with Page(1200, 800) as one:
        yield one


@pytest.fixture
def page(browser: Page, server: Server) -> Page:
    """Return the page as it is on a visit, with the results of its example."""
    browser.emulate("light", 1200)
    browser.visit(server.url)
    browser.checked()
    return browser


@pytest.fixture
def empty(page: Page) -> Page:
    """Return the page without a text in any file."""
    page.click("#clear")
    page.checked()
    return page
