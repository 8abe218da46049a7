"""The rules about devices: one device is one finding, with what it is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules import every_rule
from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.engine.verdict import Judged

RULES = rules_of("compose", "devices")
FILE_RULES = rules_of("compose", "filesystem")
INTERFACE_RULES = rules_of("compose", "host_interfaces")

AROUND = (
    *RULES,
    *INTERFACE_RULES,
    *(rule for rule in FILE_RULES if rule.name != "writable-root-filesystem"),
)


def service(body: str) -> str:
    return f"services:\n  s:\n    image: x\n    {body}\n"


def said(found: list[Judged]) -> list[tuple[str, str]]:
    return [(one.rule.name, one.severity.word) for one in found]


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
    ],
)
def test_one_device_is_reported_once(
    judge: Judge, body: str, rule: str, grade: str
) -> None:
    assert said(judge(service(body), AROUND)) == [(rule, grade)]


@pytest.mark.parametrize(
    "body",
    [
        "volumes: [/dev/null:/etc/motd, /dev/urandom:/dev/random]",
        "volumes: [/dev/disk:/dev/disk:ro, /dev/disk/by-uuid:/u]",
        "volumes: [./dev:/dev, dev:/dev/x, /dev/]",
        "devices: ['${DEVICE}', '${DEVICE}:/dev/sda', '/dev/${DISK}:/dev/sda']",
        "devices: [nvidia.com/gpu=all]",
        "device_cgroup_rules: ['c 189:* rmw', 'b 8:0 r', 'b 11:* r', '${RULE}']",
        "device_cgroup_rules: ['c *:* m', 'b *:* m', 'b * rwm']",
    ],
)
def test_what_is_harmless_or_undecided_is_passed_over(judge: Judge, body: str) -> None:
    assert said(judge(service(body), AROUND)) == []


def test_a_rule_opens_what_a_mount_brings(judge: Judge) -> None:
    body = (
        "volumes: [/dev/bus/usb:/dev/bus/usb]\n    device_cgroup_rules: ['c 189:* rmw']"
    )
    assert said(judge(service(body), RULES)) == [("host-device-exposed", "warning")]


def test_a_disk_tells_what_may_be_done_with_it(judge: Judge) -> None:
    body = "devices: ['/dev/sda:/a:r', '/dev/sdb:/b:w', /dev/sdc, '/dev/sdd:/d:${P}']"
    messages = [one.finding.message for one in judge(service(body), RULES)]
    assert [message.split(" can ")[1] for message in messages] == [
        "read the raw disk `/dev/sda`",
        "write the raw disk `/dev/sdb`",
        "read and write the raw disk `/dev/sdc`",
        "use the raw disk `/dev/sdd`",
    ]


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
    assert said(judge(service(body), RULES)) == [("wildcard-device-rule", grade)]


def test_a_privileged_container_speaks_for_its_devices(judge: Judge) -> None:
    body = (
        "privileged: true\n    devices: [/dev/sda, /dev/mem]\n    volumes: [/dev:/dev]"
    )
    names = [one.rule.name for one in judge(service(body), every_rule())]
    assert "privileged-container" in names
    assert not {rule.name for rule in RULES} & set(names)


def test_permissions_in_the_place_of_the_path_are_put_right(judge: Judge) -> None:
    text = service(
        "devices:\n"
        "      - '/dev/ttyS0:rw'  # modem\n"
        "      - /dev/ttyS1:/dev/rw\n"
        "      - /dev/ttyS2:r\n"
        "      - ${TTY:-/dev/ttyS3}:r\n"
        "      - ${TTY}:r\n"
        "      - /dev/ttyS4:x\n"
    )
    rules = [r for r in RULES if r.name == "device-permission-as-target"]
    found = judge(text, rules)
    assert [one.span.text for one in found] == [
        "'/dev/ttyS0:rw'",
        "/dev/ttyS2:r",
        "${TTY:-/dev/ttyS3}:r",
    ]
    fixes = [one.finding.fix for one in found]
    assert fixes[2] is None
    edits = [edit for fix in fixes if fix for edit in fix.edits]
    assert apply_edits(found[0].span.source, edits) == text.replace(
        "'/dev/ttyS0:rw'", "'/dev/ttyS0:/dev/ttyS0:rw'"
    ).replace("/dev/ttyS2:r\n", "/dev/ttyS2:/dev/ttyS2:r\n")


def test_a_device_comes_through_a_volume_too(judge: Judge) -> None:
    text = """
services:
  s: {image: x, volumes: ["disk:/disk"], privileged: "${P:-no}"}
volumes:
  disk: {driver_opts: {type: none, o: bind, device: /dev/sdb}}
"""
    [one] = judge(text, RULES)
    assert said([one]) == [("host-disk-device", "warning")]
    assert one.span.text == "/dev/sdb"
    assert [r.span.text for r in one.finding.because] == ['"disk:/disk"']
