"""The rule `wildcard-device-rule`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "devices")


@pytest.mark.parametrize(
    ("drop", "grade"),
    [
        ("[MKNOD]", "warning"),
        ("[cap_mknod]", "warning"),
        ("[ALL]", "warning"),
        ("[NET_RAW]", "error"),
        ("['${DROP}']", "error"),
    ],
)
def test_a_wildcard_needs_a_node_to_open(judge: Judge, drop: str, grade: str) -> None:
    body = f"device_cgroup_rules: ['b *:* rwm']\n    cap_drop: {drop}"
    assert said(judge(block_service(body), RULES)) == [("wildcard-device-rule", grade)]
