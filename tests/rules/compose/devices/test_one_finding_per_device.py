"""Each device is one finding, by the rule that knows most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import PATH_RULES, block_service, said
from tests.rules.conftest import rules_of

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "devices")


@pytest.mark.parametrize(
    ("body", "rule", "grade"),
    [
        ("devices: [/dev/sda]", "host-disk-device", "error"),
        ("devices: ['/dev/sda:/dev/sda:r']", "host-disk-device", "error"),
        ("devices: ['/dev/sda:/dev/sda:m']", "host-disk-device", "warning"),
        ("devices: ['/dev/sda:/dev/sda:${P}']", "host-disk-device", "error"),
        ("devices: [{source: /dev/dm-0, target: /d}]", "host-disk-device", "error"),
        ("volumes: [/dev/sda:/d]", "host-disk-device", "warning"),
        ("volumes: [/dev/disk/by-id/x:/d:ro]", "host-disk-device", "warning"),
        ("devices: [/dev/port]", "host-memory-device", "error"),
        ("volumes: [/dev/mem:/dev/mem]", "host-memory-device", "warning"),
        ("devices: ['/dev:/dev']", "dev-directory-mounted", "error"),
        ("volumes: [/dev:/dev:ro]", "dev-directory-mounted", "error"),
        ("devices: [/dev/uinput]", "host-device-exposed", "warning"),
        ("devices: [/dev/sg0]", "host-device-exposed", "warning"),
        ("devices: [/dev/watchdog]", "host-device-exposed", "warning"),
        ("volumes: [/dev/bus/usb:/dev/bus/usb]", "host-device-exposed", "info"),
        ("devices: [/dev/kvm]", "host-device-exposed", "info"),
        ("devices: [/dev/fuse]", "host-device-exposed", "info"),
        ("devices: [/dev/net/tun]", "host-device-exposed", "info"),
        ("volumes: [/dev/net/tun:/dev/net/tun]", "host-device-exposed", "info"),
        ("devices: [/dev/dri]", "host-device-exposed", "info"),
        ("devices: [/dev/snd]", "host-device-exposed", "info"),
        ("device_cgroup_rules: ['a 1:3 r']", "wildcard-device-rule", "error"),
        ("device_cgroup_rules: ['b *:* rwm']", "wildcard-device-rule", "error"),
        ("device_cgroup_rules: ['c *:* w']", "wildcard-device-rule", "error"),
        ("device_cgroup_rules: ['b 259:* rw']", "wildcard-device-rule", "error"),
        ("device_cgroup_rules: ['c 189:* rmw']", "wildcard-device-rule", "warning"),
        ("device_cgroup_rules: ['c 226:* rw']", "wildcard-device-rule", "info"),
        ("device_cgroup_rules: ['c 250:0 r']", "wildcard-device-rule", "info"),
        ("device_cgroup_rules: ['b 11:0 r']", "wildcard-device-rule", "info"),
    ],
)
def test_one_device_is_reported_once(judge: Judge, body: str, rule: str, grade: str) -> None:
    assert said(judge(block_service(body), PATH_RULES)) == [(rule, grade)]


@pytest.mark.parametrize(
    "body",
    [
        "volumes: [/dev/null:/etc/motd, /dev/urandom:/dev/random]",
        "volumes: [/dev/disk:/dev/disk:ro, /dev/disk/by-uuid:/u]",
        "volumes: [./dev:/dev, dev:/dev/x, /dev/]",
        "devices: ['${DEVICE}', '${DEVICE}:/dev/sda', '/dev/${DISK}:/dev/sda']",
        "device_cgroup_rules: ['c 1:3 rmw', 'c 5:2 rw', '${RULE}']",
        "device_cgroup_rules: ['c *:* m', 'b *:* m', 'b * rwm']",
    ],
)
def test_harmless_and_undecided_devices_are_silent(judge: Judge, body: str) -> None:
    assert said(judge(block_service(body), PATH_RULES)) == []


def test_a_privileged_container_absorbs_its_devices(judge: Judge) -> None:
    body = "privileged: true\n    devices: [/dev/sda, /dev/mem]\n    volumes: [/dev:/dev]"
    names = [one.rule.name for one in judge(block_service(body), every_rule())]
    assert "privileged-container" in names
    assert not {rule.name for rule in RULES} & set(names)
