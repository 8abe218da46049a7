"""The rule `invalid-yaml`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_yaml import invalid_yaml

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

BROKEN = "services:\n  s: {image: x, command: *nothing}\n"


def test_a_syntax_error_names_its_cause(judge: Judge) -> None:
    [one] = judge(BROKEN, [invalid_yaml])
    assert (one.severity.word, one.span.text) == ("error", "*nothing")
    assert one.finding.message == "unknown alias: no `&nothing` comes before it"
    assert one.finding.fix is None


def test_each_syntax_error_is_a_finding(found: Found) -> None:
    text = BROKEN + "  t: {image: x, command: *none}\n"
    marks = [mark for _, mark in found(text, invalid_yaml)]
    assert marks == ["*nothing", "*none"]


def test_a_stream_of_documents_is_reported_once(found: Found) -> None:
    text = f"services: {{a: {{image: x}}}}\n---\n{BROKEN}---\nservices: {{}}\n"
    assert found(text, invalid_yaml) == [("error", "*nothing")]


def test_readable_parts_are_still_judged(judge: Judge) -> None:
    names = [one.rule.name for one in judge(f"{BROKEN}    privileged: [\n")]
    assert "invalid-yaml" in names
    assert "not-checked" not in names, "it says the same, at the same place"
    text = "services:\n  s: {image: x, privileged: true}\n  t: [\n"
    assert {"invalid-yaml", "privileged-container"} <= {one.rule.name for one in judge(text)}


@pytest.mark.parametrize("name", ["compose.override.yaml", "b.yaml"])
def test_every_file_of_a_project_is_checked(judge: Judge, name: str) -> None:
    files = {
        "compose.yaml": "services: {s: {extends: {file: b.yaml, service: s}}}\n",
        "b.yaml": "services: {s: {image: x}}\n",
    }
    [one] = judge(files | {name: BROKEN}, [invalid_yaml])
    assert one.span.source.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "services:\n  s: {image: x, command: 'a: b'}\n",
        "x: &a [1]\nservices: {s: {image: x, command: *a}}\n",
        "services: {s: {image: x, init: true, init: false}}\n",
        "services: {s: {image: x, nope: !mine 1}}\n",
    ],
)
def test_valid_yaml_is_silent(found: Found, text: str) -> None:
    assert found(text, invalid_yaml) == []
