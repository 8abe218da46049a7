"""The page for a browser, for people who use a screen reader: what axe-core finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.accessibility.axe import needs_axe, violations
from tests.report.chromium import Browser
from tests.review.test_html import PROJECT

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = needs_axe

_KINDS = (
    "image: nginx:1.29, ports: ['PORT:80']",
    "image: 'registry.example.org/a/very/long/name/of/an/image/that/never/ends:1', privileged: true",
    "image: postgres:18, environment: {POSTGRES_PASSWORD: secret}",
    "image: redis:8, volumes: ['/var/run/docker.sock:/var/run/docker.sock']",
)


def services(count: int) -> str:
    """Return a project with many services of a few kinds."""
    lines = (f"  s-{n}: {{{_KINDS[n % 4]}}}\n".replace("PORT", str(9000 + n)) for n in range(count))
    return "services:\n" + "".join(lines)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as one:
        yield one


@pytest.mark.parametrize(
    ("project", "exclude"),
    [
        pytest.param(PROJECT, "", id="a few services"),
        pytest.param(services(2), "", id="2 services"),
        pytest.param(services(58), "", id="58 services", marks=pytest.mark.exhaustive),
        # The others are like the first ones.
        pytest.param(
            services(500), "article:nth-of-type(n+12)", id="500", marks=pytest.mark.exhaustive
        ),
    ],
)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    project: str,
    exclude: str,
    scheme: str,
    width: int,
) -> None:
    (tmp_path / "compose.yaml").write_text(project)
    monkeypatch.chdir(tmp_path)
    main(["check", "--output-format", "html=page.html"])
    browser.emulate(scheme, width)
    browser.open(tmp_path / "page.html")
    assert violations(browser, exclude) == []
    assert browser.value("document.documentElement.scrollWidth") <= width
