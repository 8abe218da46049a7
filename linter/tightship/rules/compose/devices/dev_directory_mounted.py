"""The container has access to all devices of the host.

Under `devices`, `/dev` grants every device that is in it when the container starts:
disks, memory, input and the rest.

Under `volumes`, the device cgroup still decides which of them can be opened: by default,
only a few. But these include the terminals of users who are logged in on the host, for
reading and writing. Every container can also create device nodes: if the mount is
writable, root in the container creates them in the host's own `/dev`, with any
permissions, and any user of the host can open the disk through them. It can
replace `/dev/null` or `/dev/log` as well.

A volume of the local driver with `type: devtmpfs` is the same directory, because the
kernel has only one (seen on Docker Engine 26.1.5).

## How to fix

List only the devices that the service uses under `devices`. For devices that are
plugged in later, mount only their directory (`/dev/bus/usb`) and allow only their
kind with `device_cgroup_rules` (`c 189:* rmw`).
"""

from tightship.rules import Bad, Device, Finding, Findings, Good, HostPath, Verified, by_default, rule  # fmt: skip


@rule(
    on=Device,
    severity="error",
    cwe=(250,),
    references=(
        "moby 26.1.5, oci/devices_linux.go, DevicesFromPath",
        "runc 1.1, libcontainer/specconv, AllowedDevices",
    ),
    aliases=("CL-0013", "CL-0016", "kics:1c1325ff"),
    advice="list only the devices that the service uses under `devices`",
    checked=Verified("""
      - $ docker run --rm -v /dev:/x busybox sh -c ': </x/net/tun && echo opened'
      - opened
      + $ docker run --rm busybox sh -c ': </x/net/tun && echo opened'
      + sh: can't open /x/net/tun: no such file
    """),
    examples=(
        Bad("""
            services:
              home:
                image: home
                devices:
                  - «/dev:/dev»
        """),
        Bad("""
            services:
              home:
                image: home
                volumes:
                  - type: bind
                    source: «/dev/»
                    target: /host/dev
                    read_only: true
        """).because("A read-only mount does not protect the terminals."),
        Bad("""
            services:
              home:
                image: home
                volumes: [dev:/host/dev]
            volumes:
              dev:
                driver_opts: {type: «devtmpfs», device: dev}
        """),
        Good("""
            services:
              home:
                image: home
                devices: [/dev/ttyUSB0]
                volumes:
                  - /dev/null:/etc/motd
                  - ./dev:/dev
        """),
    ),
)
def dev_directory_mounted(device: Device) -> Findings:
    """Point at the directory, by whatever way it comes."""
    if device.host is not HostPath.DEVICES:
        return
    if device.mapped is not None:
        what = "gets every device of the host"
    else:
        what = "gets the host's own `/dev`"
        if device.mount is None or device.mount.route != "driver_opts":
            what += ", with its terminals"
    yield Finding(
        device.span,
        f"{device.container.title} {what}{by_default(device.provenance)}",
        because=device.because,
        known_as=("CL-0016",) if device.mapped else ("CL-0013", "kics:1c1325ff"),
    )
