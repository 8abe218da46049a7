"""A device rule allows every device of a kind, or a disk of the host.

The device cgroup denies a container all devices except those that it was given. Docker
grants the capability `MKNOD` by default, so root in the container can create a node for
any device at any time; only the cgroup blocks it. With `b *:* rwm` or `a *:* rwm`, root
creates a node for the host's disk and controls the host. `c *:*` opens all character
devices: input, the kernel's log, the controls of drives. Even `b 8:*` opens every SCSI
and SATA disk, and `b 8:0` one of them, as `devices: [/dev/sda]` does. A rule for numbers of
character devices opens the devices that have them: `c 1:1` is `/dev/mem`, `c 13:*` is every
input device, and `c 21:*` the SCSI commands of every drive.

A rule that allows only `m` adds nothing, because every container can create nodes. If
`MKNOD` is dropped, or the user is surely not root and so lacks it, the nodes must come
from another source, and the finding is a warning.

## How to fix

List the devices under `devices`. If they are plugged in later, allow only their kind
by its number: `c 188:* rmw` for serial adapters, `c 189:* rmw` for USB.
`/proc/devices` lists the numbers. Drop `MKNOD`, which few services need.
"""

from tightship.rules import Bad, DeviceRule, Finding, Findings, Fix, Good, Severity, Verified, by_default, rule  # fmt: skip


@rule(
    on=DeviceRule,
    severity="error",
    severity_note="warning if `MKNOD` is dropped, the user is surely not root, or it opens"
    " drives, input or the kernel's log, but no disk and no memory",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, Documentation/admin-guide/cgroup-v1/devices.rst",
        "Linux, Documentation/admin-guide/devices.txt",
        "moby 26.1.5, oci/oci.go, AppendDevicePermissionsFromCgroupRules",
        "runc 1.1, libcontainer/specconv, AllowedDevices",
    ),
    aliases=("CL-0016",),
    checked=Verified("""
      - $ docker run --rm --device-cgroup-rule 'b *:* rwm' busybox sh -c 'mknod /disk b 7 0 && : </disk && echo opened'
      - opened
      + $ docker run --rm busybox sh -c 'mknod /disk b 7 0 && : </disk && echo opened'
      + sh: can't open /disk: Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              nas:
                image: nas
                device_cgroup_rules:
          -       - «b *:* rwm»
                  - c 189:* rmw
        """),
        Bad("""
            services:
              nas:
                image: nas
          -     device_cgroup_rules: [«"a *:* rwm"», "c 188:* rw", «b 8:* r»]
          +     device_cgroup_rules: ["c 188:* rw"]
        """),
        Bad("""
            services:
              nas:
                image: nas
          -     device_cgroup_rules: [«b 8:16 rw»]
        """).because("Root in the container creates a node for `/dev/sdb`."),
        Bad("""
            services:
              nas:
                image: nas
                cap_drop: [MKNOD]
          -     device_cgroup_rules: [«c *:* rw»]
        """).at("warning"),
        Bad("""
            services:
              nas:
                image: nas
                user: "1000"
          -     device_cgroup_rules: [«c *:* rw»]
        """).at("warning"),
        Bad("""
            services:
              nas:
                image: nas
          -     device_cgroup_rules: [«c 1:1 rw»]
        """).because("The device of this number is `/dev/mem`."),
        Bad("""
            services:
              nas:
                image: nas
          -     device_cgroup_rules: [«"c 21:* rwm"», «"c 10:223 rw"», "c 188:* rmw"]
          +     device_cgroup_rules: ["c 188:* rmw"]
        """).at("warning", "SCSI commands write to the drive, and `/dev/uinput` sends keys."),
        Good("""
            services:
              nas:
                image: nas
                device_cgroup_rules: ["c 189:* rmw", "c *:* m", "b 11:0 r", "c 1:3 rw", "c 136:* rwm", "${RULE}"]
        """),
    ),
)
def wildcard_device_rule(rule: DeviceRule) -> Findings:
    """Point at the entry of `device_cgroup_rules`."""
    if not rule.opened:
        return
    container = rule.container
    can_make = "MKNOD" in container.held_capabilities
    yield Finding(
        rule.span,
        f"`{rule.setting.value}` opens {rule.opened} of the host to"
        f" {container.title}{by_default(rule.setting.provenance)}",
        severity=None if can_make and rule.is_takeover else Severity.WARNING,
        fix=Fix.tightens(
            "Remove the rule",
            container.editor.remove_item("device_cgroup_rules", rule.setting.source),
            may_break=f"{container.title}, if it uses devices that are plugged in later",
        ),
    )
