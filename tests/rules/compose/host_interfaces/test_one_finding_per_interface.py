"""Each way to an interface of the kernel is one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import PATH_RULES, block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "host_interfaces")


@pytest.mark.parametrize(
    ("body", "rule", "grade"),
    [
        ("volumes: [/proc:/p]", "kernel-interface-mounted", "error"),
        ("volumes: [/sys/fs/cgroup:/c:rw]", "kernel-interface-mounted", "error"),
        ("volumes: [/proc/sys:/c:ro]", "kernel-interface-mounted", "info"),
        ("volumes: ['/proc:/p:${MODE}']", "kernel-interface-mounted", "info"),
        ("volumes: [/lib/modules:/m]", "kernel-modules-exposed", "error"),
        ("volumes: [/usr/src:/m:ro]", "kernel-modules-exposed", "info"),
        ("volumes: ['/boot:/b:${MODE}']", "kernel-modules-exposed", "info"),
        ("cap_add: [sys_module]", "kernel-modules-exposed", "error"),
        ("cap_add: [CAP_SYS_TIME]", "host-clock-control", "warning"),
        ("devices: [/dev/rtc]", "host-clock-control", "warning"),
        ("devices: ['/dev/ptp0:/dev/ptp0:r']", "host-clock-control", "warning"),
        ("volumes: [/dev/rtc0:/dev/rtc]", "host-clock-control", "warning"),
        ("volumes: [/run/chrony/chronyd.sock:/c]", "host-clock-control", "warning"),
        ("cap_add: [SYSLOG]", "host-log-access", "warning"),
        ("devices: [/dev/kmsg]", "host-log-access", "warning"),
        ("volumes: [/dev/kmsg:/dev/kmsg]", "host-log-access", "info"),
        ("volumes: [/dev/log:/dev/log]", "host-log-access", "warning"),
        ("volumes: [/run/systemd/journal:/j:ro]", "host-log-access", "warning"),
        ("volumes: [/var/log:/l]", "host-log-access", "warning"),
        ("volumes: [/var/log:/l:ro]", "host-log-access", "info"),
        ("volumes: [/var/log/auth.log:/a:ro]", "host-log-access", "info"),
        ("volumes: [/run/log/journal:/j:ro]", "host-log-access", "info"),
        ("cap_add: [AUDIT_CONTROL]", "audit-control", "warning"),
        ("cap_add: [audit_read]", "audit-control", "warning"),
        ("volumes: [/var/log/audit:/a]", "audit-control", "warning"),
        ("volumes: [/var/log/audit/audit.log:/a:ro]", "audit-control", "warning"),
    ],
)
def test_each_host_interface_is_reported_once(
    judge: Judge, body: str, rule: str, grade: str
) -> None:
    assert said(judge(block_service(body), PATH_RULES)) == [(rule, grade)]


@pytest.mark.parametrize(
    "body",
    [
        "volumes: [/var/log/app:/var/log/app]",
        "volumes: [/var/log/nginx/access.log:/l]",
        "volumes: [./proc:/proc, ./sys:/sys, ./modules:/lib/modules]",
        "volumes: ['${LOGS}:/var/log', log:/var/log]",
        "cap_add: [AUDIT_WRITE, WAKE_ALARM]",
        "cap_add: ['${CAPABILITY}']",
        "cap_drop: [SYS_TIME, SYSLOG, SYS_MODULE, AUDIT_CONTROL]",
        "devices: ['${CLOCK}:/dev/rtc0']",
        "environment: {TZ: Europe/Berlin}",
    ],
)
def test_harmless_settings_are_silent(judge: Judge, body: str) -> None:
    assert said(judge(block_service(body), PATH_RULES)) == []


def test_all_capabilities_are_left_to_their_own_rule(judge: Judge) -> None:
    assert said(judge(block_service("cap_add: [ALL]"), RULES)) == []


def test_a_default_that_decides_is_named(judge: Judge) -> None:
    body = "cap_add: ['${A:-SYS_TIME}']\n    devices: ['${B:-/dev/kmsg}:/k']"
    messages = [one.finding.message for one in judge(block_service(body), RULES)]
    assert [m[m.rindex(" (") + 1 :] for m in messages] == [
        "(default of `${A}`)",
        "(default of `${B}`)",
    ]
