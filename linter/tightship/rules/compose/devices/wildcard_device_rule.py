"""A device rule allows devices of the host.

The device cgroup denies a container all devices except those that it was given. Docker
grants the capability `MKNOD` by default, so root in the container can create a node for
any device at any time; only the cgroup blocks it. With `b *:* rwm` or `a *:* rwm`, root
creates a node for the host's disk and controls the host. `c *:*` opens all character
devices: input, the kernel's log, the controls of drives. Even `b 8:*` opens every SCSI
and SATA disk, and `b 8:0` one of them, as `devices: [/dev/sda]` does. A rule for numbers of
character devices opens the devices that have them: `c 1:1` is `/dev/mem`, `c 13:*` is every
input device, `c 21:*` the SCSI commands of every drive, and `c 189:*` the whole USB bus. Other
devices, such as serial adapters or GPUs, give an info, and so do numbers without a fixed use,
which the kernel gives out when a driver is loaded.

A rule that allows only `m` adds nothing, because every container can create nodes. If
`MKNOD` is dropped, or the user is surely not root and so lacks it, the nodes must come
from another source, and the finding is a warning.

## How to fix

List the devices under `devices`. If they are plugged in later, allow only their kind
by its number, such as `c 188:* rmw` for serial adapters. `/proc/devices` lists the numbers.
Drop `MKNOD`, which few services need.
"""

from tightship.rules import Bad, DeviceRule, Finding, Findings, Fix, Good, Severity, Verified, by_default, rule  # fmt: skip


@rule(
    on=DeviceRule,
    severity="error",
    severity_note="warning if `MKNOD` is dropped, the user is surely not root, or it opens"
    " drives, input, USB or the kernel's log, but no disk and no memory; info for other devices",
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
                  - c 1:3 rmw
        """),
        Bad("""
            services:
              nas:
                image: nas
          -     device_cgroup_rules: [«"a *:* rwm"», "c 1:3 rw", «b 8:* r»]
          +     device_cgroup_rules: ["c 1:3 rw"]
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
          -     device_cgroup_rules: [«"c 21:* rwm"», «"c 10:223 rw"», «"c 189:* rw"», "c 1:5 r"]
          +     device_cgroup_rules: ["c 1:5 r"]
        """).at("warning", "SCSI commands write to the drive, and `/dev/uinput` sends keys."),
        Bad("""
            services:
              home:
                image: home
          -     device_cgroup_rules: [«c 188:* rmw», «c 250:0 rw», "c *:* m"]
          +     device_cgroup_rules: ["c *:* m"]
        """).at("info", "Any driver can have the number 250."),
        Good("""
            services:
              nas:
                image: nas
                device_cgroup_rules: ["c *:* m", "c 1:3 rw", "c 136:* rwm", "${RULE}"]
        """),
    ),
)
def wildcard_device_rule(rule: DeviceRule) -> Findings:
    """Point at the entry of `device_cgroup_rules`."""
    if not rule.opened or rule.is_told:
        return
    container = rule.container
    severity = Severity.WARNING if rule.is_strong else Severity.INFO
    if rule.is_takeover and "MKNOD" in container.held_capabilities:
        severity = Severity.ERROR
    yield Finding(
        rule.span,
        f"`{rule.setting.value}` opens {rule.opened} of the host to"
        f" {container.title}{by_default(rule.setting.provenance)}",
        severity=severity,
        fix=Fix.tightens(
            "Remove the rule",
            container.editor.remove_item("device_cgroup_rules", rule.setting.source),
            may_break=f"{container.title}, if it uses devices that are plugged in later",
        ),
    )
