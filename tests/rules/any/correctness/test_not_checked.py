"""The rule `not-checked`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.findings import Gap
from tightship.rules.any.correctness.not_checked import not_checked
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.conftest import VerdictOn
    from tests.rules.conftest import Found


def test_a_gap_is_an_error_with_its_reason_and_its_secrets() -> None:
    source = Source("compose.yaml", "A=hunter2 B")
    place, secret = Span(source, 0, 11), Span(source, 2, 9)
    [one] = not_checked.check(Gap(place, "a line is wrong", secrets=(secret,)))
    assert (one.span, one.message, one.fix) == (place, "a line is wrong", None)
    assert one.secrets == (secret,)
    assert not_checked.severity.word == "error"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ("a word\n", "a word"),
        ("", ""),
        ("services: {s: {image: x}}\ninclude: [gone.yaml]\n", "gone.yaml"),
        ("services: {s: {image: x}}\ninclude: ['${FILE}']\n", "'${FILE}'"),
        (
            "services: {s: {image: x}}\ninclude: ['https://example.com/a.git']\n",
            "'https://example.com/a.git'",
        ),
        ("services: {s: {extends: {file: gone.yaml, service: a}}}\n", "gone.yaml"),
    ],
)
def test_the_gap_is_where_the_part_is_named(
    found: Found, verdict_on: VerdictOn, files: str, place: str
) -> None:
    assert found(files, not_checked) == [("error", place)]
    assert len(verdict_on(files, [not_checked]).gaps) == 1


def test_each_gap_is_a_finding(found: Found) -> None:
    text = "services: {s: {image: x}}\ninclude: [a.yaml, b.yaml]\n"
    assert found(text, not_checked) == [("error", "a.yaml"), ("error", "b.yaml")]


@pytest.mark.parametrize(
    "text",
    [
        "services: {s: {image: x, env_file: gone.env}}\n",
        "services: {s: {image: '${IMAGE}'}}\n",
        "services: {s: {image: x, command: 1, nope: 2}}\n",
    ],
)
def test_a_readable_file_leaves_no_gap(found: Found, verdict_on: VerdictOn, text: str) -> None:
    assert found(text, not_checked) == []
    assert len(verdict_on(text, [not_checked]).gaps) == 0
