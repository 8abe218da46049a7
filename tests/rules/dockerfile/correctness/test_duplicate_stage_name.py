"""The rule `duplicate-stage-name`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.dockerfile.correctness.duplicate_stage_name import duplicate_stage_name

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_a_name_in_another_case_is_the_same_name(judge: Judge) -> None:
    text = "FROM a:1 AS Base\nFROM b:1 AS base\nFROM c:1 AS BASE\n"
    found = judge({"Dockerfile": text}, [duplicate_stage_name])
    assert [one.span.text for one in found] == ["base", "BASE"]
    for one in found:
        [first] = one.finding.because
        assert first.span.text == "Base"
