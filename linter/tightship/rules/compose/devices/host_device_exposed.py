"""The container has access to a device of the host.

A device gives access to a driver, and many kernel vulnerabilities are in drivers. Some
devices also give away more than the service needs. Input devices and terminals show every
key that is pressed, and can send keys. The whole USB bus includes every stick and keyboard
on it. A watchdog or management controller can reset the host. A drive's command device
(`/dev/sg0`, `/dev/nvme0`) accepts commands that bypass the file system. These are
warnings.

Other devices give an info: KVM, FUSE, `/dev/net/tun`, graphics, sound, cameras,
serial lines. Some services need them.

## How to fix

Pass only the single device that the service needs, by a stable name
(`/dev/serial/by-id/…`). Limit its access with a third part, `r` or `rw`. Remove
devices that the service does not use.
"""

from __future__ import annotations

from tightship.isolation.devices import Device, DeviceKind
from tightship.isolation.documented_grants import asked_for, documented_grant
from tightship.isolation.host_path import HostPath
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Seen,
    Severity,
    by_default,
    rule,
)

# They have their own rules.
_OTHERS = (DeviceKind.DISK, DeviceKind.MEMORY)
_STRONG = (DeviceKind.INPUT, DeviceKind.USB, DeviceKind.RESET, DeviceKind.DRIVE)


@rule(
    on=Device,
    severity=Severity.WARNING,
    severity_note="info for all devices except input, USB, drives and those that"
    " reset the host, and for devices that the device cgroup blocks",
    cis=("5.18",),
    cwe=(250,),
    references=(
        "Compose Specification, services, devices",
        "Linux, Documentation/admin-guide/devices.txt",
    ),
    checked=Seen(
        """
        $ docker run --rm --device /dev/fuse busybox sh -c ': </dev/fuse && echo opened'
        opened
        """,
        """
        $ docker run --rm busybox sh -c ': </dev/fuse && echo opened'
        sh: can't open /dev/fuse: no such file
        """,
    ),
    examples=(
        Bad(
            """
            services:
              home:
                image: home
                devices:
                  - «/dev/bus/usb:/dev/bus/usb»
                  - source: «/dev/input/event0»
                    target: /dev/input/event0
            """,
        ),
        Bad(
            """
            services:
              home:
                image: home
                devices: [«/dev/ttyUSB0:/dev/ttyUSB0», «/dev/dri»]
                volumes: [«/dev/snd:/dev/snd»]
            """,
            severity=Severity.INFO,
        ),
        Good(
            """
            services:
              home:
                image: home
                devices:
                  - nvidia.com/gpu=all
                  - ${ZIGBEE}:/dev/ttyACM0
                volumes: [/dev/urandom:/dev/random]
            """,
            why="A name of the Container Device Interface is not a path.",
        ),
    ),
)
def host_device_exposed(device: Device) -> Findings:
    """Point at the device, by whatever way it comes."""
    kind = device.kind
    if device.host is not HostPath.DEVICE or kind in _OTHERS:
        return
    what = "" if kind is DeviceKind.OTHER else f", {kind.value}"
    shut = "" if device.access else "; its device cgroup blocks it"
    asked = documented_grant(device.container, "devices", device.source)
    yield Finding(
        device.span,
        f"service `{device.container.name}` gets `{device.source}` of the host"
        f"{what}{shut}{by_default(device.provenance)}"
        + asked_for(asked, device.container),
        severity=None if kind in _STRONG and not shut else Severity.INFO,
        because=device.because,
    )
