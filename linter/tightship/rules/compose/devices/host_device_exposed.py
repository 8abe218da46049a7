"""The container has access to a device of the host.

A device gives access to a driver, and many kernel vulnerabilities are in drivers. Some
devices also give away more than the service needs. Input devices and terminals show every
key that is pressed, and can send keys. The whole USB bus includes every stick and keyboard
on it. A watchdog or management controller can reset the host. A drive's command device
(`/dev/sg0`, `/dev/nvme0`) accepts commands that bypass the file system. These are
warnings.

Other devices give an info: KVM, FUSE, `/dev/net/tun`, graphics, sound, cameras,
serial lines. Some services need them.

A device can also be asked for by name: `gpus`, `capabilities: [gpu]` below `deploy`, a name of
the Container Device Interface such as `nvidia.com/gpu=all`, or `runtime: nvidia` with
`NVIDIA_VISIBLE_DEVICES`. Then a program of the host prepares the container as root. NVIDIA
Container Toolkit before 1.16.2 let an image mount the host's file system (CVE-2024-0132), and
before 1.17.8 it ran hooks with `LD_PRELOAD` of the container (CVE-2025-23266). Update the
toolkit, and give GPUs only to images that you trust.

## How to fix

Pass only the single device that the service needs, by a stable name
(`/dev/serial/by-id/…`). Limit its access with a third part, `r` or `rw`. Remove
devices that the service does not use. Name single GPUs (`device_ids`), and leave
`NVIDIA_DRIVER_CAPABILITIES` at its default, `utility,compute`.
"""

from tightship.rules import Bad, Device, DeviceKind, Finding, Findings, Good, HostPath, Severity, Verified, asked_for, by_default, documented_grant, hook_note, rule  # fmt: skip

# They have their own rules.
_OTHERS = (DeviceKind.DISK, DeviceKind.MEMORY)
_BY_NAME = "name single ones, and give them only to images that you trust"
_STRONG = (DeviceKind.INPUT, DeviceKind.USB, DeviceKind.RESET, DeviceKind.DRIVE)


@rule(
    on=Device,
    severity="warning",
    severity_note="info for all devices except input, USB, drives and those that"
    " reset the host, and for devices that the device cgroup blocks",
    cwe=(250,),
    references=(
        "Compose Specification, services, devices",
        "Linux, Documentation/admin-guide/devices.txt",
        "CVE-2024-0132",
        "CVE-2025-23266",
    ),
    checked=Verified("""
      - $ docker run --rm --device /dev/fuse busybox sh -c ': </dev/fuse && echo opened'
      - opened
      + $ docker run --rm busybox sh -c ': </dev/fuse && echo opened'
      + sh: can't open /dev/fuse: no such file
    """),
    examples=(
        Bad("""
            services:
              home:
                image: home
                devices:
                  - «/dev/bus/usb:/dev/bus/usb»
                  - source: «/dev/input/event0»
                    target: /dev/input/event0
        """),
        Bad("""
            services:
              home:
                image: home
                devices: [«/dev/ttyUSB0:/dev/ttyUSB0», «/dev/dri»]
                volumes: [«/dev/snd:/dev/snd»]
        """).at("info"),
        Bad("""
            services:
              model:
                image: model
                gpus: «all»
              vision:
                image: vision
                devices: [«nvidia.com/gpu=all»]
              training:
                image: training
                deploy:
                  resources:
                    reservations:
                      devices:
                        - capabilities: «[gpu]»
        """).at("info", "A GPU by name is the same device as `/dev/nvidia0`."),
        Good("""
            services:
              home:
                image: home
                devices:
                  - ${ZIGBEE}:/dev/ttyACM0
                volumes: [/dev/urandom:/dev/random]
        """),
    ),
)
def host_device_exposed(device: Device) -> Findings:
    """Point at the device, by whatever way it comes."""
    kind = device.kind
    if device.host is not HostPath.DEVICE or kind in _OTHERS:
        return
    is_known, is_path = kind is not DeviceKind.OTHER, device.source.startswith("/")
    what = f"`{device.source}` of the host" + (f", {kind.value}" if is_known else "")
    if not is_path:  # asked for by name
        what = f"{kind.value if is_known else 'a device'} of the host by `{device.source}`"
    shut = "" if device.access else ", but the device rules of the container block it"
    note = hook_note(device.container) if kind is DeviceKind.GPU else ""
    asked = documented_grant(device.container, "devices", device.source)
    yield Finding(
        device.span,
        f"{device.container.title} gets {what}{shut}{note}{by_default(device.provenance)}"
        + asked_for(asked, device.container),
        severity=None if kind in _STRONG and not shut else Severity.INFO,
        because=device.because,
        advice="" if is_path else _BY_NAME,
    )
