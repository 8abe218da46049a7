"""Device rules that the engine rejects, each as it did on Docker Engine 26.1.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_device_rule import invalid_device_rule

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, rule: str) -> list[str]:
    text = f'services:\n  s: {{image: x, device_cgroup_rules: ["{rule}"]}}\n'
    return [one.finding.message for one in judge(text, (invalid_device_rule,))]


@pytest.mark.parametrize(
    "rule",
    [
        *("b 8:0", "x 8:0 rwm", "b 8:0 rwx", "b 8:0  rwm", " b 8:0 rwm", "b 8:0 rwmr"),
        *("b 8 rwm", "a rwm", "a", "B 8:0 rwm", "b -1:0 rwm", "c 1:3 rwm,"),
        *("u 1:3 r", "p 1:3 r", "c *:* ", ""),
    ],
)
def test_rejected_device_rules(judge: Judge, rule: str) -> None:
    [message] = found(judge, rule)
    assert message == (
        f"service `s` will not start: `{rule}` is not a device rule;"
        " write its type, numbers and access, as in `c 189:* rwm`"
    )


@pytest.mark.parametrize(
    "rule", ["b 8:0 rw", "b 8:* m", "a 8:0 rwm", "b 08:0 rwm", "b 8:0 mwr", "a *:* r"]
)
def test_accepted_device_rules(judge: Judge, rule: str) -> None:
    assert found(judge, rule) == []


@pytest.mark.parametrize("rule", ["${RULE}", "c ${MAJOR}:* rwm", "c 1:3${ACCESS}"])
def test_a_variable_decides(judge: Judge, rule: str) -> None:
    assert found(judge, rule) == []


def test_the_default_of_a_variable_is_named(judge: Judge) -> None:
    [message] = found(judge, "${RULE:-b 8:0}")
    assert "`b 8:0` is not a device rule" in message
    assert message.endswith("(default of `${RULE}`)")
