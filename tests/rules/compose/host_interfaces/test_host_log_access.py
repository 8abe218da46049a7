"""The rule `host-log-access`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "host_interfaces")


def test_a_mounted_device_names_the_missing_access(judge: Judge) -> None:
    shut = judge(block_service("volumes: [/dev/kmsg:/k]"), RULES)
    body = "volumes: [/dev/kmsg:/k]\n    device_cgroup_rules: ['c 1:11 r']"
    opened = judge(block_service(body), RULES)
    assert "block it" in shut[0].finding.message
    assert "block it" not in opened[0].finding.message
    assert said(opened) == [("host-log-access", "warning")]


def test_a_privileged_container_has_the_kernels_log_anyway(judge: Judge) -> None:
    body = "cap_add: [SYSLOG]\n    devices: [/dev/kmsg]\n    volumes: [/var/log:/l]"
    marks = [one.span.text for one in judge(block_service(body), RULES)]
    assert marks == ["SYSLOG", "/dev/kmsg", "/var/log:/l"]
    found = judge(block_service(f"privileged: true\n    {body}"), RULES)
    assert [one.span.text for one in found] == ["/var/log:/l"]
