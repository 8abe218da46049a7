"""The rule `obsolete-version`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.obsolete_version import obsolete_version

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

SERVICES = "services:\n  s: {image: x}\n"


@pytest.mark.parametrize("value", ['"3.8"', "2", "", "'${VERSION}'", "[1]"])
def test_the_key_is_marked_with_any_value(judge: Judge, value: str) -> None:
    [one] = judge(f"version: {value}\n{SERVICES}", [obsolete_version])
    assert (one.severity.word, one.span.text) == ("info", "version")
    assert one.finding.message == "Compose ignores `version`"
    assert one.finding.fix is not None
    assert one.finding.fix.title == "Remove `version`"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# a shop\nversion: '3'  # old\n" + SERVICES, "# a shop\n" + SERVICES),
        (SERVICES + "version: '3'\n", SERVICES),
        ("{version: '3', services: {}}\n", "{services: {}}\n"),
        ("\"version\": '3'\n" + SERVICES, SERVICES),
    ],
)
def test_only_the_line_is_removed(fixed: Fixed, before: str, after: str) -> None:
    assert fixed(before, obsolete_version) == after


def test_each_file_and_document_has_its_own(found: Found) -> None:
    files = {
        "compose.yaml": f"version: '3'\n{SERVICES}---\nversion: '2'\n",
        "compose.override.yaml": f"version: '3'\n{SERVICES}",
    }
    assert found(files, obsolete_version) == [("info", "version")] * 3


def test_a_duplicate_key_is_reported_once(found: Found) -> None:
    text = f"version: '3'\nversion: '2'\n{SERVICES}"
    assert found(text, obsolete_version) == [("info", "version")]


@pytest.mark.parametrize(
    "text",
    [
        SERVICES,
        "services: {version: {image: x}}\n",
        "services: {s: {image: x, labels: {version: '3'}}}\n",
        f"x-version: '3'\n{SERVICES}",
        f"Version: '3'\n{SERVICES}",
        f"[version]: '3'\n{SERVICES}",
        "- version\n",
        "version\n",
        "",
    ],
)
def test_nested_keys_are_silent(found: Found, text: str) -> None:
    assert found(text, obsolete_version) == []
