"""The rule `host-clock-control`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "host_interfaces")


def test_dropped_capabilities_are_not_granted(judge: Judge) -> None:
    body = "cap_add: [ALL, SYS_TIME]\n    cap_drop: [SYS_TIME]"
    assert said(judge(block_service(body), RULES)) == []
