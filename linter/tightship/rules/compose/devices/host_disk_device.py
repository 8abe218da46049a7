"""The container has access to a raw disk of the host.

Below the file system there are no users and no permissions. A process that can read
`/dev/sda` reads every file on it, including `/etc/shadow` and other containers'
volumes. A process that can write to `/dev/sda` changes these files, and the running
system does not notice. This needs only root in the container and a tool such as
`debugfs`.

The device cgroup blocks a device node from `volumes` (moby 26.1.5), unless
`device_cgroup_rules` or `privileged` allows it. A blocked node is a warning, because one
such setting, added later, opens the disk.

A volume of the local driver with `type: ext4` and `device: /dev/sda1` mounts the file
system on that disk (seen on Docker Engine 26.1.5). The device cgroup has no effect there:
root in the container reads and writes the files as root on the host does. On the host's
system disk, this gives control of the host. A disk that holds only data does not give
that control, so the finding is a warning.

## How to fix

Mount the file system on the host and give the container the directory that it needs. For
the health of disks, run the collector on the host, or give it the one disk that it
watches, read-only: `/dev/sda:/dev/sda:r`, and accept the finding with a reason.
"""

from tightship.rules import Bad, Device, DeviceKind, Finding, Findings, Good, HostPath, Severity, Verified, by_default, rule  # fmt: skip


@rule(
    on=Device,
    severity="error",
    severity_note="warning if the device cgroup blocks it, or a volume mounts the"
    " file system on it",
    cwe=(250,),
    references=(
        "Compose Specification, services, devices",
        "moby 26.1.5, daemon/oci_linux.go, WithDevices",
    ),
    aliases=("CL-0013", "CL-0016"),
    checked=Verified("""
      - $ docker run --rm --device /dev/loop0 busybox sh -c ': </dev/loop0 && echo opened'
      - opened
      + $ docker run --rm busybox sh -c ': </dev/loop0 && echo opened'
      + sh: can't open /dev/loop0: no such file
    """),
    examples=(
        Bad("""
            services:
              scrutiny:
                image: scrutiny
                cap_add: [SYS_RAWIO]
                devices:
                  - «/dev/sda»
                  - «/dev/disk/by-id/ata-1:/dev/sdb:r»
                  - source: «/dev/nvme0n1»
                    target: /dev/nvme0n1
                    permissions: rw
        """),
        Bad("""
            services:
              backup:
                image: backup
                volumes: [«"${DISK:-/dev/mapper/root}:/disk:ro"»]
                device_cgroup_rules: ["b *:* r"]
        """).because("The device rule allows access to the mounted device."),
        Bad("""
            services:
              backup:
                image: backup
                volumes: [«/dev/vda1:/disk»]
        """).at("warning"),
        Bad("""
            services:
              backup:
                image: backup
                volumes: [disk:/disk]
            volumes:
              disk:
                driver_opts: {type: ext4, device: «/dev/vda1»}
        """).at("warning", "`driver_opts` mount the file system on the disk."),
        Good("""
            services:
              backup:
                image: backup
                devices: [/dev/sr0, "${DISK}:/dev/sda"]
                volumes: ["/mnt/data:/data:ro"]
        """),
    ),
)
def host_disk_device(device: Device) -> Findings:
    """Point at the disk, by whatever way it comes."""
    if device.host is not HostPath.DEVICE or device.kind is not DeviceKind.DISK:
        return
    title, access = device.container.title, device.access
    if device.file_system:
        what = (
            f"{title} can {access} every file on the disk `{device.source}`: a volume mounts"
            f" its {device.file_system} file system"
        )
    elif access:
        what = f"{title} can {access} the raw disk `{device.source}`"
    else:
        what = f"{title} has the raw disk `{device.source}`, which only the device rules of the container block"
    yield Finding(
        device.span,
        what + by_default(device.provenance),
        severity=None if access and not device.file_system else Severity.WARNING,
        because=device.because,
        known_as=("CL-0016",) if device.mapped else ("CL-0013",),
    )
