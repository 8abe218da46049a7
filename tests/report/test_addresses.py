"""Links to the pages of rules: in each format that has a place for them, or none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.report.formats import FORMATS

if TYPE_CHECKING:
    from tests.conftest import VerdictOn
    from tests.report.conftest import Make

ADDRESS = "https://example.org/someone/tightship"
PAGE = f"{ADDRESS}/blob/main/linter/docs/rules/privileged-container.md"
FILES = {"compose.yaml": "services: {web: {image: 'a:1', privileged: true}}\n"}

LINKS = {
    "json": f'"url": "{PAGE}"',
    "sarif": f'"helpUri": "{PAGE}"',
    "github": f"%0ASee {PAGE}\n",
    "junit": f"\nsee: {PAGE}",
    "markdown": f"([`privileged-container`]({PAGE}))",
    "html": f'<a href="{PAGE}" rel="noreferrer"><code class="rule">privileged-container</code></a>',
}
"""The link in each format that has a place for one; any other format has none."""


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightship.REPOSITORY", ADDRESS)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", LINKS)
def test_a_finding_links_to_the_page_of_its_rule(
    name: str, make: Make, verdict_on: VerdictOn
) -> None:
    assert LINKS[name] in make.document(name, verdict_on(FILES))


@pytest.mark.usefixtures("published")
def test_sarif_has_the_address_of_the_tool(make: Make) -> None:
    driver = json.loads(make.document("sarif"))["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == ADDRESS


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in LINKS])
def test_a_format_without_a_place_for_links_has_none(
    name: str, make: Make, verdict_on: VerdictOn
) -> None:
    assert ADDRESS not in make.document(name, verdict_on(FILES))


@pytest.mark.parametrize("name", FORMATS)
def test_without_an_address_there_is_no_link(name: str, make: Make, verdict_on: VerdictOn) -> None:
    document = make.document(name, verdict_on(FILES))
    assert "privileged-container" in document
    for one in ("example.org", "helpUri", "informationUri", "docs/rules", '<a href="http'):
        assert one not in document
    if name == "json":
        assert {one["url"] for one in json.loads(document)["findings"]} == {None}
