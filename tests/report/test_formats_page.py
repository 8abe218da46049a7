"""Every example on the page about formats is what Tightship writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.report.formats import FORMATS
from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Golden, VerdictOn
    from tests.report.conftest import Make

PAGE = Path(__file__).parents[2] / "linter" / "docs" / "formats.md"
LANGUAGES = dict.fromkeys(("json", "sarif", "gitlab"), "json") | {
    "junit": "xml",
    "checkstyle": "xml",
    "markdown": "markdown",
    "html": "html",
}


def compose() -> str:
    """Return the file that the examples are about, from the page."""
    found = re.search(r"```yaml\n(services:.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    return found[1]


def excerpt(document: str) -> str:
    """Return the result of a SARIF log: the rule's page would fill this one."""
    [run] = json.loads(document)["runs"]
    [result] = run["results"]
    return json.dumps(result, indent=2) + "\n"


def with_one_mechanism(document: str) -> str:
    """Return the JSON report with the first mechanism of each profile."""
    whole = json.loads(document)
    for profile in whole["profiles"]:
        first = json.dumps(profile["mechanisms"])
        kept = json.dumps(profile["mechanisms"][:1])
        assert first in document
        document = document.replace(first, kept)
    return document


def finding(document: str) -> str:
    """Return the finding on a page, without all that is around it."""
    found = re.search(r'<div class="block.*?</div>\n', document, re.DOTALL)
    assert found
    return found[0]


EXCERPTS = {"sarif": excerpt, "html": finding, "json": with_one_mechanism}


@pytest.mark.parametrize("name", FORMATS)
def test_an_example_is_what_is_written(
    make: Make, verdict_on: VerdictOn, golden: Golden, name: str
) -> None:
    rules = [rule for rule in every_rule() if rule.name == "sensitive-port-published"]
    verdict = verdict_on(compose(), rules)
    assert len(verdict.findings) == 1
    document = make.document(name, verdict)
    shown = EXCERPTS[name](document) if name in EXCERPTS else document
    fence = "````" if name == "markdown" else "```"
    block = f"{fence}{LANGUAGES.get(name, 'text')}\n{shown}{fence}\n"
    page = PAGE.read_text("utf-8")
    start, end = f"<!-- example: {name} -->\n", "<!-- end -->"
    before, _, rest = page.partition(start)
    assert rest, f"the page has no {start}"
    golden(PAGE, before + start + block + rest[rest.index(end) :])


def test_the_page_has_a_chapter_for_every_format() -> None:
    chapters = re.findall(r"^## `(\w+)`", PAGE.read_text("utf-8"), re.MULTILINE)
    assert chapters == list(FORMATS)
