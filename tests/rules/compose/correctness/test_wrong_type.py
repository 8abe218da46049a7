"""The rule `wrong-type`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import two
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "correctness")


def test_a_list_under_a_single_value_is_a_wrong_type(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, cap_add: [BPF]}}\n", "services: {web: {cap_add: PERFMON}}\n"
    )
    found = [one.rule.name for one in judge(files, RULES)]
    assert found == ["wrong-type"]


@pytest.mark.parametrize(
    "entry", ["privileged: $$x", "mem_limit: $$x", "ports: ['$${x}']", "extra_hosts: [$$x]"]
)
def test_an_escaped_dollar_begins_no_variable(entry: str, judge: Judge) -> None:
    found = judge(f"services: {{web: {{image: nginx, {entry}}}}}\n", RULES)
    assert [one.rule.name for one in found] == ["wrong-type"]


@pytest.mark.parametrize(
    "entry", ["user: $$x", "command: echo $$x", "labels: [a=$$x]", "tmpfs: /$$x"]
)
def test_an_escaped_dollar_is_text(entry: str, judge: Judge) -> None:
    assert not judge(f"services: {{web: {{image: x, {entry}}}}}\n", RULES)
