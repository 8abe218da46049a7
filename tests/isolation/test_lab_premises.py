"""The premises that the lab shows are those of the rules: see tests/lab/premises.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.premises import (
    BY_EXAMPLE,
    NOT_SHOWN,
    ON_STAND_INS,
    PREMISES,
    Premise,
    every_premise,
    rules_to_show,
)

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_every_rule_that_warns_is_shown_or_has_a_reason() -> None:
    named = [*{one.rule for one in PREMISES}, *BY_EXAMPLE, *NOT_SHOWN, *ON_STAND_INS]
    assert sorted(named) == sorted(rule.name for rule in rules_to_show())


@pytest.mark.parametrize(
    "premise", [pytest.param(p, id=f"{p.rule}-{p.see}") for p in every_premise()]
)
def test_the_rule_reports_the_attempt_and_not_the_control(judge: Judge, premise: Premise) -> None:
    [rule] = [one for one in every_rule() if one.name == premise.rule]
    assert judge(premise.bad, [rule])
    assert not judge(premise.fixed, [rule])
