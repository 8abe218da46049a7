"""The rule `wrong-type`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.correctness.conftest import two
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "correctness")


def test_a_list_under_a_single_value_is_a_wrong_type(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, cap_add: [BPF]}}\n",
        "services: {web: {cap_add: PERFMON}}\n",
    )
    found = [one.rule.name for one in judge(files, RULES)]
    assert found == ["wrong-type"]
