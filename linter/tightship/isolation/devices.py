"""The devices of the host that a container may use, by every route."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from tightship.compose.device import devices as mapped_devices
from tightship.isolation.host_path import HostPath, classify, normalise
from tightship.values import device

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.device import Mapped
    from tightship.compose.field import Field
    from tightship.findings import Related
    from tightship.isolation.container import Container
    from tightship.text import Span


class DeviceKind(Enum):
    """The kinds of host devices, by what they give away."""

    DISK = "a disk of the host"
    MEMORY = "the host's memory"
    INPUT = "keyboards, mice and consoles"
    USB = "the USB bus"
    WATCHDOG = "the watchdog, which resets the host"
    KVM = "hardware virtualisation"
    FUSE = "file systems in user space"
    TUN = "virtual network interfaces"
    GPU = "a graphics processor"
    SOUND = "sound"
    VIDEO = "cameras and capture cards"
    SERIAL = "a serial line"
    OPTICAL = "an optical drive"
    OTHER = "a device of the host"


_KINDS: tuple[tuple[DeviceKind, str], ...] = (
    (
        DeviceKind.DISK,
        r"(?:sd[a-z]+|hd[a-z]|vd[a-z]+|xvd[a-z]+)\d*|nvme\d+n\d+.*|dm-\d+|md\d+.*"
        r"|mapper|mapper/(?!control).*|loop\d+|loop-control|mmcblk\d+.*|nbd\d+|disk"
        r"|disk/.*|pmem.*|zvol/.*|sg\d+|block/.*",
    ),
    (DeviceKind.MEMORY, r"k?mem|port"),
    (DeviceKind.INPUT, r"input|input/.*|uinput|hidraw\d+|tty\d+|console|vcsa?\d*"),
    (DeviceKind.USB, r"bus|bus/usb|bus/usb/.*|usb/.*"),
    (DeviceKind.WATCHDOG, r"watchdog\d*"),
    (DeviceKind.KVM, r"kvm|vhost-.*|vfio.*"),
    (DeviceKind.FUSE, r"fuse"),
    (DeviceKind.TUN, r"net|net/.*"),
    (DeviceKind.GPU, r"dri|dri/.*|nvidia.*|kfd|mali.*"),
    (DeviceKind.SOUND, r"snd|snd/.*|dsp\d*"),
    (DeviceKind.VIDEO, r"video\d*|v4l|v4l/.*|media\d+|vchiq|dvb|dvb/.*|apex_\d+"),
    (DeviceKind.SERIAL, r"tty(?:USB|ACM|S|AMA)\d*|serial|serial/.*"),
    (DeviceKind.OPTICAL, r"sr\d+|cdrom|dvd"),
)


class Device:
    """A device of the host in a container.

    ``host`` tells whether it is a plain device or one that another class stands for
    (the kernel log, the clock, the directory ``/dev``). ``mapped`` is the entry of
    ``devices``; without one the device came as a mount.
    """

    __slots__ = ("because", "container", "host", "mapped", "source", "span")

    def __init__(
        self,
        container: Container,
        span: Span,
        source: str,
        *,
        mapped: Mapped | None,
        because: tuple[Related, ...] = (),
    ) -> None:
        """Hold a device."""
        self.container = container
        self.span = span
        self.source = source
        self.mapped = mapped
        self.because = because
        self.host: HostPath = classify(source)

    @property
    def path(self) -> str:
        """Return the device's path in one spelling."""
        return normalise(self.source)

    @property
    def kind(self) -> DeviceKind:
        """Return what kind of device it is, by its name below ``/dev``."""
        name = self.path.removeprefix("/dev/")
        for kind, pattern in _KINDS:
            if _compiled(pattern).fullmatch(name):
                return kind
        return DeviceKind.OTHER


class DeviceRule:
    """An entry of ``device_cgroup_rules``: which devices may be used, once made."""

    __slots__ = ("container", "field", "rule")

    def __init__(
        self, container: Container, field: Field[str], rule: device.DeviceRule
    ) -> None:
        """Hold a rule."""
        self.container = container
        self.field = field
        self.rule = rule

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.field.span


def devices(container: Container) -> Iterator[Device]:
    """Yield the devices that a container may use; CDI names are not paths."""
    for mapped in mapped_devices(container.service):
        parsed = mapped.device
        if not parsed.is_cdi and "source" not in parsed.undecided:
            yield Device(container, mapped.value.span, parsed.source, mapped=mapped)
    for mount in container.mounts:
        if mount.host in (HostPath.DEVICE, HostPath.DEVICES):
            yield Device(
                container, mount.span, mount.source, mapped=None, because=mount.because
            )


def device_rules(container: Container) -> Iterator[DeviceRule]:
    """Yield the device rules of a container that can be read."""
    for field in container.service.texts("device_cgroup_rules").items:
        parsed = device.parse_rule(field.value) if field.value else None
        if parsed is not None:
            yield DeviceRule(container, field, parsed)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
