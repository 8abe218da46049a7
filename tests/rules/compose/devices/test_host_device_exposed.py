"""The rule `host-device-exposed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "devices")


def test_a_rule_opens_what_a_mount_brings(judge: Judge) -> None:
    body = "volumes: [/dev/bus/usb:/dev/bus/usb]\n    device_cgroup_rules: ['c 189:* rmw']"
    assert said(judge(block_service(body), RULES)) == [("host-device-exposed", "warning")]


def test_a_device_by_name_has_its_own_sentence(judge: Judge) -> None:
    [one] = judge(block_service("gpus: all"), RULES)
    assert "gets a graphics processor of the host by `gpus" in one.finding.message
    assert "single ones" in one.advice
    [one] = judge(block_service("devices: [/dev/dri]"), RULES)
    assert "gets `/dev/dri` of the host, a graphics processor" in one.finding.message
