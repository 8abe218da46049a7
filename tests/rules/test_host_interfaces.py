"""The rules about what the kernel does not isolate: every way to it, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.engine.verdict import Judged

DEVICE_RULES = rules_of("compose", "devices")
FILE_RULES = rules_of("compose", "filesystem")
RULES = rules_of("compose", "host_interfaces")

# With their neighbours: what one rule reports the others leave alone.
AROUND = (
    *RULES,
    *DEVICE_RULES,
    *(rule for rule in FILE_RULES if rule.name != "writable-root-filesystem"),
)


def service(body: str) -> str:
    return f"services:\n  s:\n    image: x\n    {body}\n"


def said(found: list[Judged]) -> list[tuple[str, str]]:
    return [(one.rule.name, one.severity.word) for one in found]


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
def test_each_way_is_reported_once(
    judge: Judge, body: str, rule: str, grade: str
) -> None:
    assert said(judge(service(body), AROUND)) == [(rule, grade)]


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
def test_what_is_harmless_is_passed_over(judge: Judge, body: str) -> None:
    assert said(judge(service(body), AROUND)) == []


def test_all_is_left_to_the_rule_about_it(judge: Judge) -> None:
    assert said(judge(service("cap_add: [ALL]"), RULES)) == []


def test_a_read_only_interface_is_for_the_strict_set(judge: Judge) -> None:
    [readable] = judge(service("volumes: [/proc:/p:ro]"), RULES)
    [writable] = judge(service("volumes: [/proc:/p]"), RULES)
    assert readable.finding.strict
    assert not writable.finding.strict


def test_a_mount_of_modules_stays_to_be_found_without_the_capability(
    judge: Judge,
) -> None:
    body = "cap_add: [SYS_MODULE]\n    volumes: [/lib/modules:/lib/modules:ro]"
    one, other = judge(service(body), RULES)
    assert one.span.text == "SYS_MODULE"
    assert (other.severity.word, other.span) == ("info", one.finding.because[0].span)
    assert [r.span.text for r in one.finding.because] == [
        "/lib/modules:/lib/modules:ro"
    ]


def test_sys_module_is_said_once_by_all_rules_together(judge: Judge) -> None:
    found = judge(service("cap_add: [SYS_MODULE]"), every_rule())
    assert len([one for one in found if one.span.text == "SYS_MODULE"]) == 1


def test_what_a_drop_takes_back_is_not_granted(judge: Judge) -> None:
    body = "cap_add: [ALL, SYS_TIME]\n    cap_drop: [SYS_TIME]"
    assert said(judge(service(body), RULES)) == []


def test_a_mounted_device_says_what_keeps_it_shut(judge: Judge) -> None:
    shut = judge(service("volumes: [/dev/kmsg:/k]"), RULES)
    body = "volumes: [/dev/kmsg:/k]\n    device_cgroup_rules: ['c 1:11 r']"
    opened = judge(service(body), RULES)
    assert "keeps it shut" in shut[0].finding.message
    assert "keeps it shut" not in opened[0].finding.message
    assert said(opened) == [("host-log-access", "warning")]


def test_a_default_that_decides_is_named(judge: Judge) -> None:
    body = "cap_add: ['${A:-SYS_TIME}']\n    devices: ['${B:-/dev/kmsg}:/k']"
    messages = [one.finding.message for one in judge(service(body), RULES)]
    assert [m.rpartition(", ")[2] for m in messages] == [
        "with the default of `${A}`",
        "with the default of `${B}`",
    ]


def test_what_is_handed_on_is_pointed_at_where_it_is_taken(judge: Judge) -> None:
    text = """
services:
  a: {image: x, volumes: ["/proc:/p"]}
  b: {image: x, volumes_from: ["a:ro"]}
"""
    first, second = judge(text, RULES)
    assert said([first, second]) == [
        ("kernel-interface-mounted", "error"),
        # Compose 2.26.1 drops the mode of a service.
        ("kernel-interface-mounted", "error"),
    ]
    assert second.span.text == '"a:ro"'
    places = [r.span.text for r in second.finding.because]
    assert places == ['"a:ro"', '"/proc:/p"']
