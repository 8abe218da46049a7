"""Device permissions are in the place of the target path.

An entry of `devices` has three parts: the device, its path in the container, and the
permissions. With two parts the second is always the path. So `/dev/sda:r` does not
map the disk for reading: it maps it to the path `r`, for reading, writing and making
nodes (verified with docker-compose 2.26.1).

## How to fix

Write the path as well: `/dev/sda:/dev/sda:r`. The device then has another path in the
container, and other permissions.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, ScalarValue, Verified, by_default, regex, rule, service_devices  # fmt: skip

_PERMISSIONS = regex("[rwm]{1,3}")


@rule(
    on=Container,
    keys=("devices",),
    severity="warning",
    fix="changes-behaviour",
    references=("Compose Specification, services, devices", "docker-compose 2.26.1, config"),
    checked=Verified("""
        $ docker compose --progress quiet run --rm app ls /dev/fuse
      - ls: /dev/fuse: No such file or directory
      + /dev/fuse
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     devices: ["/dev/fuse:rw"]
      +     devices: ["/dev/fuse:/dev/fuse:rw"]
    """),
    examples=(
        Bad("""
            services:
              monitor:
                image: monitor
                devices:
          -       - «/dev/sda:r»
          -       - «"/dev/ttyS0:rw"»
          +       - /dev/sda:/dev/sda:r
          +       - "/dev/ttyS0:/dev/ttyS0:rw"
        """),
        Good("""
            services:
              monitor:
                image: monitor
                devices:
                  - /dev/sda:/dev/sda:r
                  - /dev/ttyS0:/dev/modem
                  - {source: /dev/ttyS1, target: r}
        """),
    ),
)
def device_permission_as_target(container: Container) -> Findings:
    """Point at entries of two parts, the second of which reads as permissions."""
    for mapped in service_devices(container.settings):
        leaf, device = mapped.value, mapped.device
        if not isinstance(leaf, ScalarValue) or device.undecided:
            continue
        if leaf.text.count(":") != 1 or not _PERMISSIONS.fullmatch(device.target):
            continue
        source, wanted = device.source, device.target
        yield Finding(
            leaf.span,
            f"{container.title} gets `{source}` with all permissions, at the"
            f" path `{wanted}`: two parts are device and path{by_default(leaf.provenance)}",
            fix=Fix.changes(
                f"Make `{wanted}` the permissions",
                ()
                if leaf.templated
                else container.editor.replace_item("devices", leaf, f"{source}:{source}:{wanted}"),
                may_break=f"{container.title}, if it opens the device at `/{wanted}`",
            ),
        )
