"""The devices of the host that a container may use, by every route."""

from __future__ import annotations

from enum import Enum
from functools import cache

from tightship.findings import Fix
from tightship.isolation.container import ASKING_FOR_DEVICES
from tightship.isolation.host_path import HostPath, classify, normalise
from tightship.isolation.mounts import by_link, led
from tightship.lazy import TYPE_CHECKING, Record, lazy_property, regex
from tightship.lazy.modules import facts
from tightship.model.items import devices as mapped_devices
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import device
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.findings import Related
    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount
    from tightship.model.items import DeviceItem
    from tightship.model.reading import Step
    from tightship.model.setting import Setting
    from tightship.text import Span


class DeviceKind(Enum):
    """The kinds of host devices, by their use to an attacker."""

    DISK = "a raw disk"
    DRIVE = "for commands to a drive"
    MEMORY = "the memory"
    INPUT = "its input or terminals"
    USB = "its USB bus"
    RESET = "which can reset it"
    VIRTUALISATION = "for hardware virtualisation"
    FUSE = "for file systems in user space"
    TUN = "for virtual network interfaces"
    GPU = "a graphics processor"
    SOUND = "its sound"
    VIDEO = "a camera or capture card"
    SERIAL = "a serial line"
    OPTICAL = "an optical drive"
    OTHER = "a device of another kind"


# The kinds by the names below /dev (Linux, Documentation/admin-guide/devices.txt, and
# the rules of udev). A directory stands for the devices in it. The first match wins.
_KINDS: tuple[tuple[DeviceKind, str], ...] = (
    (
        DeviceKind.DISK,
        r"(?:[shv]d[a-z]+|xvd[a-z]+|dasd[a-z]+)\d*|(?:nvme|ng)\d+n\d+(?:p\d+)?"
        r"|mmcblk\d+\w*|(?:dm-|md|loop|nbd|zd|zram|bcache|drbd|rbd|mtd(?:block)?|fd)\d+"
        r"\w*|md_d\d+|pmem\d+\w*|loop-control|block/.*|disk/.*|md/.*|rbd/.*"
        r"|raw/raw\d+|mapper|mapper/(?!control$).*|zvol|zvol/.*|[^/]*vg[^/]*/[^/]+",
    ),
    (DeviceKind.DRIVE, r"sg\d+|bsg|bsg/.*|nvme\d+|nvme-.*|megaraid.*|mpt\d+ctl"),
    # The registers of a processor are a way into the kernel, as its memory is.
    (DeviceKind.MEMORY, r"k?mem|oldmem|core|port|cpu|cpu/\d+|cpu/\d+/msr|fmem|crash"),
    (
        DeviceKind.INPUT,
        r"input|input/.*|uinput|uhid|hidraw\d+|tty\d+|console|vcs[au]?\d*|pts|pts/.*",
    ),
    (DeviceKind.USB, r"bus|bus/usb|bus/usb/.*|usb|usb/.*"),
    (DeviceKind.RESET, r"watchdog\d*|ipmi\d*|ipmi/.*|ipmidev/.*"),
    (DeviceKind.VIRTUALISATION, r"kvm|vhost-.*|vfio|vfio/.*|sev|tdx.*"),
    (DeviceKind.FUSE, r"fuse|cuse"),
    (DeviceKind.TUN, r"net|net/.*|tap\d+"),
    (DeviceKind.GPU, r"dri|dri/.*|nvidia.*|kfd|mali\d*|accel|accel/.*"),
    (DeviceKind.SOUND, r"snd|snd/.*|dsp\d*|mixer\d*"),
    (DeviceKind.VIDEO, r"video\d*|v4l|v4l/.*|media\d+|vchiq|dvb|dvb/.*"),
    (DeviceKind.SERIAL, r"tty(?:USB|ACM|AMA|S|O)\d+|serial|serial/.*|serial\d+"),
    (DeviceKind.OPTICAL, r"sr\d+|scd\d+|cdrom|dvd|cdrw|dvdrw"),
)
_PATTERNS = [(kind, regex(pattern)) for kind, pattern in _KINDS]

# Every container may open these (moby 26.1.5, oci/defaults.go; runc 1.1).
_FOR_ALL = regex(r"/dev/(?:null|zero|full|u?random|tty|console|ptmx|pts/.*|net/tun)")
# The kinds that a rule for devices must not open, the strongest first.
_TAKEOVERS = (DeviceKind.MEMORY, DeviceKind.DISK)
_STRONG = (*_TAKEOVERS, DeviceKind.DRIVE, DeviceKind.INPUT, DeviceKind.RESET, DeviceKind.USB)

# No name of a device is longer; a bound for hostile texts.
_LONGEST = 255


class Device(Record):
    """A device of the host in a container.

    ``host`` tells a plain device from one of another class (the kernel log, the clock,
    the directory ``/dev``). ``mapped`` is the entry of ``devices``; without one the
    device is a ``mount``, of its node or, by a volume, of its file system. ``by_rules``
    holds the permissions that the container's device rules give, for block (``b``) and
    for character devices (``c``). ``requested`` is the kind of a device that is asked for
    by name, of which ``source`` has the words.
    """

    container: Container
    span: Span
    source: str
    mapped: DeviceItem | None
    by_rules: dict[str, str]
    mount: Mount | None = None
    requested: DeviceKind | None = None
    because: tuple[Related, ...] = ()
    provenance: tuple[Step, ...] = ()

    @lazy_property
    def host(self) -> HostPath:
        """Return the class of the path; of what is asked for by name, that of devices."""
        return HostPath.DEVICE if self.requested else classify(self.source)

    @property
    def path(self) -> str:
        """Return the device's path in one spelling."""
        return normalise(self.source)

    @property
    def file_system(self) -> str:
        """Return the type of the file system that a volume mounts from it, or nothing."""
        return self.mount.file_system if self.mount is not None else ""

    @property
    def kind(self) -> DeviceKind:
        """Return what kind of device it is, by its name below ``/dev``.

        What a file system is mounted from is a disk.
        """
        if self.requested is not None:
            return self.requested
        if self.file_system:
            return DeviceKind.DISK
        return _kind_of(self.path)

    def without(self, *, may_break: str) -> Fix | None:
        """Return the fix that removes the entry of ``devices``, if there is one."""
        entry = self.mapped.value if self.mapped else None
        edits = self.container.editor.remove_item("devices", entry)
        return Fix.tightens(f"Do not map `{self.source}`", edits, may_break=may_break)

    @property
    def access(self) -> str:
        """Return the access to it: ``read``, ``write``, both with ``and``.

        ``use`` where the file does not decide; empty where the device cgroup denies it.
        It does for a mount, until ``device_cgroup_rules`` or
        ``privileged`` allow it (moby 26.1.5, daemon/oci_linux.go, WithDevices), except for
        terminals and tunnels, which every container may open (runc 1.1,
        libcontainer/specconv, AllowedDevices).
        """
        if self.mount is not None and self.file_system:
            if not self.mount.writable:
                return "read" if self.mount.read_only else "use"
            return "read and write"
        if self.requested or self.container.privileged.is_surely(True):
            return "read and write"
        if self.mapped is not None:
            if "permissions" in self.mapped.device.undecided:
                return "use"
            return _words(self.mapped.device.permissions)
        if self.kind is DeviceKind.TUN or self.path.startswith("/dev/pts"):
            return "read and write"
        return _words(self.by_rules["b" if self.kind is DeviceKind.DISK else "c"])


def _kind_of(path: str) -> DeviceKind:
    name = path.removeprefix("/dev/")
    if len(name) <= _LONGEST:
        for kind, pattern in _PATTERNS:
            if pattern.fullmatch(name):
                return kind
    return DeviceKind.OTHER


def _words(permissions: str) -> str:
    words = (("r", "read"), ("w", "write"))
    return " and ".join(word for letter, word in words if letter in permissions)


class DeviceRule(Record):
    """An entry of ``device_cgroup_rules``: access to devices, once they exist."""

    container: Container
    setting: Setting[str]
    rule: device.DeviceRule

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.setting.span

    @property
    def opened(self) -> str:
        """Return the devices of the host that it opens, or the strongest of them, in words.

        Nothing where it opens those that every container may open, or only makes nodes.
        """
        rule, what = self.rule, self._strongest
        if rule.type == "a":
            return "every device"
        if not {"r", "w"} & {*rule.access} or (what is None and not self.is_unknown):
            return ""
        sort = "block device" if rule.type == "b" else "character device"
        if rule.major is None and rule.minor is None:
            return f"every {sort}"
        is_disk = rule.type == "b" and self.is_takeover
        if is_disk and rule.major is not None:
            sort = "disk"
        is_one = rule.major is not None and rule.minor is not None
        which, number = ("minor", rule.minor) if rule.major is None else ("major", rule.major)
        every = f"every {sort} of {which} number {number}"
        every = f"the {sort} {rule.major}:{rule.minor}" if is_one else every
        if is_disk:
            return every
        if what is None:
            return f"{every}, whose use is unknown,"
        name, kind = what
        of = f", {kind.value}," if kind is not DeviceKind.OTHER else ""
        return f"`{name}`{of}" if is_one else f"{every}, also `{name}`{of}"

    @property
    def is_takeover(self) -> bool:
        """Return whether what it opens gives all of the host: its disks, memory or every device."""
        rule, what = self.rule, self._strongest
        if rule.type == "a" or (rule.major is None and rule.minor is None):
            return True
        return what[1] in _TAKEOVERS if what else rule.type == "b" and self.is_unknown

    @property
    def is_strong(self) -> bool:
        """Return whether what it opens commands the host, or shows its input or its log."""
        what = self._strongest
        if self.is_takeover or what is None:
            return self.is_takeover
        return what[1] in _STRONG or classify(what[0]) is HostPath.LOGS

    @property
    def is_told(self) -> bool:
        """Return whether a device of the container is of this kind: the rule opens that one."""
        kind = self._strongest and self._strongest[1]
        return not self.is_takeover and any(one.kind is kind for one in self.container.devices)

    @property
    def is_unknown(self) -> bool:
        """Return whether its numbers have no fixed use: the host gives them to any driver."""
        return not self._names

    @lazy_property
    def _names(self) -> list[str]:
        sort = "block" if self.rule.type == "b" else "char"
        return devices_numbered(sort, self.rule.major, self.rule.minor)

    @lazy_property
    def _strongest(self) -> tuple[str, DeviceKind] | None:
        """Return the strongest device of the rule's numbers, and its kind."""
        found = [(name, _kind_of(name)) for name in self._names if not _FOR_ALL.fullmatch(name)]
        logs = [one for one in found if classify(one[0]) is HostPath.LOGS]
        strong = [one for kind in _STRONG for one in found if one[1] is kind]
        return next(iter((*strong, *logs, *found)), None)


def devices(container: Container) -> Iterator[Device]:
    """Yield the devices that a container gets, by paths, mounts and names.

    Of several entries of ``devices`` with one target the last one wins.
    """
    opened = _opened(container)
    mapped: dict[str, Device] = {}
    for entry in mapped_devices(container.settings):
        parsed = entry.device
        mapped.pop(parsed.target, None)
        if not parsed.is_cdi and not has_hole(normalise(parsed.source)):
            value = entry.value
            if isinstance(value, MappingValue):
                value = value.get("source") or value
            if isinstance(value, ScalarValue) and device.parse(value.text).source != parsed.source:
                value = value.as_it_stands
            path = led(container.project, value.reading.directory, parsed.source)
            mapped[parsed.target] = Device(
                container,
                value.span,
                path,
                mapped=entry,
                by_rules=opened,
                because=by_link(value.span, parsed.source, path),
                provenance=value.provenance,
            )
    yield from mapped.values()
    if not container.service_keys.isdisjoint(ASKING_FOR_DEVICES):
        yield from _requested(container, opened)
    for mount in container.mounts:
        if _is_device(mount):
            yield Device(
                container,
                mount.span,
                mount.source,
                mapped=None,
                by_rules=opened,
                mount=mount,
                because=mount.because,
                provenance=mount.provenance,
            )


def _requested(container: Container, opened: dict[str, str]) -> Iterator[Device]:
    from tightship.isolation.accelerators import requests  # few services ask for any

    for one in requests(container):
        yield Device(
            container,
            one.value.span,
            one.text,
            mapped=None,
            by_rules=opened,
            provenance=one.value.provenance,
            requested=DeviceKind.GPU if one.is_gpu else DeviceKind.OTHER,
        )


def _opened(container: Container) -> dict[str, str]:
    rules = [one.rule for one in container.device_rules]
    if any(rule.type == "a" for rule in rules):
        return {"b": "rwm", "c": "rwm"}
    return {kind: "".join({*"".join(r.access for r in rules if r.type == kind)}) for kind in "bc"}


def _is_device(mount: Mount) -> bool:
    if mount.host in (HostPath.DEVICE, HostPath.DEVICES):
        return True
    # Clocks and the kernel's log; /dev/log is a socket.
    return (
        mount.host in (HostPath.CLOCK, HostPath.LOGS)
        and mount.path != "/dev/log"
        and mount.is_below("/dev")
    )


def device_rules(container: Container) -> Iterator[DeviceRule]:
    """Yield the device rules of a container that can be read."""
    for setting in container.texts("device_cgroup_rules").items:
        parsed = device.parse_rule(setting.value) if setting.value else None
        if parsed is not None:
            yield DeviceRule(container, setting, parsed)


@cache
def _numbers(kind: str) -> tuple[tuple[int, int, int, str], ...]:
    rows: tuple[tuple[int, int, int, str], ...] = facts("device_numbers")[kind]
    return rows


def devices_numbered(kind: str, major: int | None, minor: int | None) -> list[str]:
    """Return the known devices of these numbers, of which none means any.

    A range of them is one path. ``kind`` is ``char`` or ``block``.
    """
    return [
        "/dev/" + name.replace("*", str((first if minor is None else minor) - first))
        for number, first, last, name in _numbers(kind)
        if major in (None, number) and (minor is None or first <= minor <= last)
    ]


def behind_link(path: str) -> str:
    """Return the device that ``/dev/char/1:1`` leads to, or the path itself if none is known."""
    kind, _, numbers = path.removeprefix("/dev/").partition("/")
    major, _, minor = numbers.partition(":")
    # A number has few digits; Python refuses to read thousands.
    if not (len(numbers) < 20 and major.isdecimal() and minor.isdecimal()):
        return path
    return (*devices_numbered(kind, int(major), int(minor)), path)[0]
