"""The rule `host-takeover-capability`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.capability_drop_defeated import capability_drop_defeated
from tightship.rules.compose.capabilities.dangerous_capability import dangerous_capability
from tightship.rules.compose.capabilities.host_takeover_capability import host_takeover_capability

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "name", ["SYS_ADMIN", "sys_module", "CAP_SYS_RAWIO", "cap_dac_read_search", "All"]
)
def test_capabilities_that_give_away_the_host(found: Found, name: str) -> None:
    assert found(service(f"cap_add: [{name}]"), host_takeover_capability) == [("error", name)]


def test_all_added_and_dropped_points_at_the_drop_that_fails(judge: Judge) -> None:
    text = service("cap_add: [ALL], cap_drop: [all]")
    rules = [host_takeover_capability, dangerous_capability, capability_drop_defeated]
    [one] = judge(text, rules)
    assert one.rule is host_takeover_capability
    assert [r.span.text for r in one.finding.because] == ["all"]


def test_drops_from_all_have_no_finding_of_their_own(found: Found) -> None:
    text = service("cap_add: [ALL, SYS_ADMIN], cap_drop: [SYS_ADMIN]")
    assert found(text, host_takeover_capability) == [("error", "ALL")]


def test_sys_module_absorbs_the_modules(judge: Judge) -> None:
    for one in judge(service("cap_add: [SYS_MODULE]")):
        assert one.rule.name != "kernel-modules-exposed"
        if one.rule is host_takeover_capability:
            assert [a.rule.name for a in one.absorbed] == ["kernel-modules-exposed"]
