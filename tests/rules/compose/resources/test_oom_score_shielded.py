"""The rule `oom-score-shielded`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.oom_score_shielded import oom_score_shielded

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("-1000", "warning"),
        ("-900", "warning"),
        ("-899", "info"),
        ("'-1'", "info"),
        ("'${O:--950}'", "warning"),
    ],
)
def test_a_shield_is_graded_by_its_strength(found: Found, value: str, grade: str) -> None:
    text = service(f"oom_score_adj: {value}")
    assert found(text, oom_score_shielded) == [(grade, value)]


@pytest.mark.parametrize("value", ["0", "500", "'${O}'", "'none'"])
def test_other_scores_are_silent(judge: Judge, value: str) -> None:
    assert judge(service(f"oom_score_adj: {value}"), [oom_score_shielded]) == []


def test_a_score_from_an_anchor_is_reset(fixed: Fixed) -> None:
    text = "x: &x {oom_score_adj: -5}\nservices:\n  s: {<<: *x, image: x}\n"
    wanted = text.replace("image: x}", "image: x, oom_score_adj: 0}")
    assert fixed(text, oom_score_shielded) == wanted
