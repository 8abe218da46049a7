"""The rule `negative-scale`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.correctness.negative_scale import negative_scale

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "body",
    [
        "scale: 0",
        "scale: 3",
        "scale: '${N}'",
        "scale: ",
        "deploy: {replicas: 0}",
        "deploy: {mode: global}",
        "labels: {scale: -1}",
    ],
)
def test_zero_positive_and_undecided_numbers_are_silent(found: Found, body: str) -> None:
    assert found(service(body), negative_scale) == []


@pytest.mark.parametrize("body", ["scale: -1", "scale: '-1'", "scale: '${N:--1}'"])
def test_each_spelling_of_a_negative_number_is_found(judge: Judge, body: str) -> None:
    (found,) = judge(service(body), [negative_scale])
    assert found.finding.message.startswith(
        "service `s` has `scale: -1`: Compose crashes; write `0` or more"
    )
    assert ("default" in found.finding.message) == ("$" in body)


def test_both_keys_are_found(found: Found) -> None:
    text = service("scale: -1, deploy: {replicas: -1}")
    assert [span for _, span in found(text, negative_scale)] == ["-1", "-1"]
