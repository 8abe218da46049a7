"""Devices of the host: every way that one comes, what it is, and whether it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.isolation.devices import DeviceKind
from tightship.isolation.host_path import HostPath
from tightship.lazy.modules import facts

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"/dev/{d}", DeviceKind.DISK) for d in ("sda", "sdaa12", "vdb1", "xvda")),
        *((f"/dev/{d}", DeviceKind.DISK) for d in ("nvme0n1p2", "ng0n1", "dm-3", "md0")),
        *((f"/dev/{d}", DeviceKind.DISK) for d in ("mmcblk0p1", "loop7", "mapper/root")),
        *((f"/dev/{d}", DeviceKind.DISK) for d in ("ubuntu-vg/root", "disk/by-id/a-1")),
        *((f"/dev/{d}", DeviceKind.DRIVE) for d in ("sg0", "nvme0", "bsg/0:0:0:0")),
        *((f"/dev/{d}", DeviceKind.MEMORY) for d in ("mem", "kmem", "port")),
        *((f"/dev/{d}", DeviceKind.INPUT) for d in ("input/event3", "uinput", "tty1")),
        *((f"/dev/{d}", DeviceKind.INPUT) for d in ("console", "hidraw0", "pts/0")),
        *((f"/dev/{d}", DeviceKind.USB) for d in ("bus/usb", "bus/usb/001/002")),
        *((f"/dev/{d}", DeviceKind.RESET) for d in ("watchdog", "watchdog0", "ipmi0")),
        *((f"/dev/{d}", DeviceKind.VIRTUALISATION) for d in ("kvm", "vfio/12")),
        ("/dev/fuse", DeviceKind.FUSE),
        ("/dev/net/tun", DeviceKind.TUN),
        *((f"/dev/{d}", DeviceKind.GPU) for d in ("dri/renderD128", "nvidia0", "kfd")),
        ("/dev/snd", DeviceKind.SOUND),
        ("/dev/video0", DeviceKind.VIDEO),
        *((f"/dev/{d}", DeviceKind.SERIAL) for d in ("ttyUSB0", "ttyS0", "ttyAMA0")),
        ("/dev/sr0", DeviceKind.OPTICAL),
        *((f"/dev/{d}", DeviceKind.OTHER) for d in ("gpiomem", "apex_0", "i2c-1")),
        *((f"/dev/{d}", DeviceKind.OTHER) for d in ("memory", "sda/../x", "mapper/control")),
        ("/dev/" + "vg" * 50_000, DeviceKind.OTHER),
    ],
)
def test_a_device_is_known_by_its_name(
    container_of: ContainerOf, path: str, kind: DeviceKind
) -> None:
    [device] = container_of(f"devices: ['{path}']").devices
    assert device.kind is kind
    assert device.host is HostPath.DEVICE


def test_the_short_and_the_long_syntax_say_the_same(container_of: ContainerOf) -> None:
    devices = container_of(
        "devices: ['/dev/sda:/dev/a:r', {source: /dev/sda, target: /dev/b, permissions: r}]"
    ).devices
    assert [(d.span.text, d.path, d.access) for d in devices] == [
        ("'/dev/sda:/dev/a:r'", "/dev/sda", "read"),
        ("/dev/sda", "/dev/sda", "read"),
    ]


def test_the_last_entry_of_a_target_wins(container_of: ContainerOf) -> None:
    # Verified with docker-compose 2.26.1: the first of these is not there.
    devices = container_of("devices: ['/dev/a:r', '/dev/b:r', '/dev/c']").devices
    assert [device.source for device in devices] == ["/dev/b", "/dev/c"]


@pytest.mark.parametrize("entry", ["${DEVICE}:/dev/x", "${DEVICE}"])
def test_a_path_that_is_no_device_is_skipped(container_of: ContainerOf, entry: str) -> None:
    assert container_of(f"devices: ['{entry}']").devices == []


@pytest.mark.parametrize(
    ("entry", "access"),
    [
        ("/dev/sda", "read and write"),
        ("/dev/sda:/dev/sda:rwm", "read and write"),
        ("/dev/sda:/dev/sda:w", "write"),
        ("/dev/sda:/dev/sda:m", ""),
        ("/dev/sda:r", "read and write"),
        ("/dev/sda:/dev/sda:${P}", "use"),
        ("/dev/sda:/dev/sda:${P:-r}", "read"),
    ],
)
def test_the_third_part_is_the_permissions(
    container_of: ContainerOf, entry: str, access: str
) -> None:
    [device] = container_of(f"devices: ['{entry}']").devices
    assert device.access == access


@pytest.mark.parametrize(
    ("path", "more", "access"),
    [
        ("/dev/sda", "", ""),
        ("/dev/sda", "device_cgroup_rules: ['b 8:* r']", "read"),
        ("/dev/sda", "device_cgroup_rules: ['c *:* rwm']", ""),
        ("/dev/sda", "device_cgroup_rules: ['a *:* rwm']", "read and write"),
        ("/dev/sda", "device_cgroup_rules: ['${RULE}']", ""),
        ("/dev/sda", "privileged: true", "read and write"),
        ("/dev/sda", "privileged: '${P}'", ""),
        ("/dev/bus/usb", "device_cgroup_rules: ['c 189:* rmw']", "read and write"),
        ("/dev/bus/usb", "device_cgroup_rules: ['b *:* rmw']", ""),
        ("/dev/net/tun", "", "read and write"),
        ("/dev/pts/0", "", "read and write"),
    ],
)
def test_a_mounted_device_opens_only_by_a_rule(
    container_of: ContainerOf, path: str, more: str, access: str
) -> None:
    [device] = container_of(f"volumes: ['{path}:/x'], {more}").devices
    assert device.mapped is None
    assert device.access == access


def test_a_privileged_container_is_not_held_to_permissions(container_of: ContainerOf) -> None:
    [device] = container_of("devices: ['/dev/sda:/dev/sda:r'], privileged: yes").devices
    assert device.access == "read and write"


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/dev", HostPath.DEVICES),
        ("/dev/rtc0", HostPath.CLOCK),
        ("/dev/kmsg", HostPath.LOGS),
        ("/dev/sda", HostPath.DEVICE),
    ],
)
def test_a_device_may_come_as_a_mount(container_of: ContainerOf, path: str, host: HostPath) -> None:
    [device] = container_of(f"volumes: ['{path}:/x:ro']").devices
    assert device.host is host


@pytest.mark.parametrize("path", ["/dev/null", "/dev/log", "/dev/shm", "/var/log", "."])
def test_mounts_without_a_device_are_skipped(container_of: ContainerOf, path: str) -> None:
    assert container_of(f"volumes: ['{path}:/x']").devices == []


def test_a_device_may_come_through_a_volume_and_be_handed_on(containers_of: ContainersOf) -> None:
    made = containers_of("""
        services:
          a: {image: x, volumes: ["disk:/disk"]}
          b: {image: x, volumes_from: [a]}
        volumes:
          disk: {driver_opts: {o: bind, device: /dev/sdb}}
    """)
    assert [d.span.text for d in made["a"].devices] == ["/dev/sdb"]
    assert [d.span.text for d in made["b"].devices] == ["a"]
    assert len(made["b"].devices[0].because) == 2


def test_rules_that_the_engine_rejects_or_a_run_decides_are_left_out(
    container_of: ContainerOf,
) -> None:
    rules = container_of(
        "device_cgroup_rules: ['c 1:3 r', 'b * rwm', '${RULE}', '${R:-a *:* rwm}']"
    ).device_rules
    assert [rule.rule.type for rule in rules] == ["c", "a"]
    assert [rule.span.text for rule in rules] == ["'c 1:3 r'", "'${R:-a *:* rwm}'"]


@pytest.mark.parametrize(
    ("rule", "opened"),
    [
        ("b 8:0 rwm", "the disk 8:0"),
        ("b 259:1 r", "the disk 259:1"),
        ("b *:0 rw", "every block device of minor number 0"),
        ("b 8:* rw", "every disk of major number 8"),
        ("b 11:0 rw", "`/dev/sr0`, an optical drive,"),
        ("b 8:0 m", ""),
        ("c 188:0 rw", "`/dev/ttyUSB0`, a serial line,"),
        (
            "c 188:* rw",
            "every character device of major number 188, also `/dev/ttyUSB0`, a serial line,",
        ),
        ("c *:* rw", "every character device"),
        ("a *:* rwm", "every device"),
    ],
)
def test_a_rule_for_one_disk_opens_that_disk(
    container_of: ContainerOf, rule: str, opened: str
) -> None:
    [found] = container_of(f"device_cgroup_rules: ['{rule}']").device_rules
    assert found.opened == opened


@pytest.mark.parametrize("path", ["/dev/cpu", "/dev/cpu/0/msr", "/dev/crash"])
def test_registers_of_a_processor_are_as_its_memory(container_of: ContainerOf, path: str) -> None:
    [found] = container_of(f"devices: [{path}]").devices
    assert found.kind is DeviceKind.MEMORY


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/dev/char/1:1", DeviceKind.MEMORY),
        ("/dev/../dev/char/10:223", DeviceKind.INPUT),
        ("/dev/char/13:64", DeviceKind.INPUT),
        ("/dev/char/21:3", DeviceKind.DRIVE),
        ("/dev/char/188:0", DeviceKind.SERIAL),
        ("/dev/char/4:65", DeviceKind.SERIAL),
        ("/dev/char/189:7", DeviceKind.USB),
        ("/dev/char/202:3", DeviceKind.MEMORY),
        ("/dev/char/240:0", DeviceKind.OTHER),
        ("/dev/char/" + "1" * 5000 + ":1", DeviceKind.OTHER),
        ("/dev/block/8:0", DeviceKind.DISK),
        ("/dev/block/11:0", DeviceKind.OPTICAL),
    ],
)
def test_a_link_by_numbers_is_the_device_that_has_them(
    container_of: ContainerOf, path: str, kind: DeviceKind
) -> None:
    [device] = container_of(f"devices: [{{source: '{path}', target: /dev/x}}]").devices
    assert device.kind is kind


def test_a_link_to_the_log_or_to_nothing_is_that(container_of: ContainerOf) -> None:
    [log, null] = container_of(
        "devices: [{source: '/dev/char/1:11', target: /a}, {source: '/dev/char/1:3', target: /b}]"
    ).devices
    assert (log.host, null.host) == (HostPath.LOGS, HostPath.OTHER)


@pytest.mark.parametrize(
    ("rule", "opened", "is_takeover"),
    [
        ("c 1:1 rw", "`/dev/mem`, the memory,", True),
        ("c 1:* r", "every character device of major number 1, also `/dev/mem`", True),
        ("c 202:0 r", "`/dev/cpu/0/msr`, the memory,", True),
        ("c *:1 rw", "every character device of minor number 1, also `/dev/mem`", True),
        ("c *:* rw", "every character device", True),
        ("c 90:0 rw", "`/dev/mtd0`, a raw disk,", True),
        ("c 21:* rwm", "major number 21, also `/dev/sg0`", False),
        ("c 13:* rwm", "also `/dev/input/js0`", False),
        ("c 10:* rwm", "also `/dev/loop-control`", True),
        ("c 10:130 w", "`/dev/watchdog`, which can reset it,", False),
        ("c 1:11 r", "`/dev/kmsg`", False),
        ("c 4:1 rw", "`/dev/tty1`", False),
        *((one, "", False) for one in ("c 5:0 rw", "c 5:2 rwm", "c 10:200 rwm", "c 5:1 rw")),
        *((one, "", False) for one in ("c 136:* rwm", "c 1:3 rwm", "c 1:1 m", "c 250:0 m")),
        ("c 188:* rwm", "also `/dev/ttyUSB0`, a serial line,", False),
        ("c 189:* rmw", "also `/dev/bus/usb/0`, its USB bus,", False),
        ("c 226:* rw", "also `/dev/dri/0`, a graphics processor,", False),
        ("c 195:* rw", "also `/dev/nvidia0`, a graphics processor,", False),
        ("c 116:* rw", "also `/dev/snd/0`, its sound,", False),
        ("c 81:* rw", "also `/dev/video0`, a camera or capture card,", False),
        ("c 10:232 rw", "`/dev/kvm`, for hardware virtualisation,", False),
        ("c 4:64 rw", "`/dev/ttyS0`, a serial line,", False),
        ("c 162:1 rw", "`/dev/raw/raw1`, a raw disk,", True),
        ("c 240:0 rwm", "the character device 240:0, whose use is unknown,", False),
        ("c 250:* r", "major number 250, whose use is unknown,", False),
        ("c 10:99 r", "the character device 10:99, whose use is unknown,", False),
    ],
)
def test_a_rule_opens_the_devices_of_its_numbers(
    container_of: ContainerOf, rule: str, opened: str, is_takeover: bool
) -> None:
    [found] = container_of(f"device_cgroup_rules: ['{rule}']").device_rules
    assert opened in found.opened
    assert bool(found.opened) is bool(opened)
    if opened:
        assert found.is_takeover is is_takeover


@pytest.mark.parametrize("kind", ["char", "block"])
def test_a_rule_for_numbers_opens_what_the_device_of_the_name_is(
    container_of: ContainerOf, kind: str
) -> None:
    for major, minor, _, name in facts("device_numbers")[kind]:
        path = "/dev/" + name.replace("*", "0")
        device = next(iter(container_of(f"devices: ['{path}']").devices), None)
        [rule] = container_of(f"device_cgroup_rules: ['{kind[0]} {major}:{minor} rw']").device_rules
        if device is None or device.access != "read and write" or not rule.opened:
            assert rule.opened == ""
            continue
        takes_over = device.kind in (DeviceKind.DISK, DeviceKind.MEMORY)
        assert (rule.is_takeover, rule.is_unknown) == (takes_over, False), path
        assert takes_over or path in rule.opened
