"""The container can set the clock of the host.

Linux has no namespace for the time of day: with `SYS_TIME` a container sets it for
the host and all containers. With a wrong clock, expired certificates, tokens and
one-time codes are accepted again, and logs prove nothing.

There are other ways to set it. Anyone who can open a network card's clock, `/dev/ptp0`,
for writing can set it, and the time of day follows if the host uses that clock. The host
reads the hardware clock, `/dev/rtc`, when it boots: setting it requires `SYS_TIME`, but
any process that opens it can wake the machine. chronyd accepts commands through its
socket.

## How to fix

Let one program on the host set the time, and remove the access: every container has the
host's time already. If the container is that program, it needs only `SYS_TIME`, and the
finding can be ignored with this reason.
"""

from tightship.rules import MOUNTING, Bad, Container, Finding, Findings, Good, HostPath, Severity, Verified, by_default, granted, rule  # fmt: skip


@rule(
    on=Container,
    keys=("cap_add", "devices", *MOUNTING),
    when=("grants", "devices", "mounts"),
    severity="warning",
    severity_note="info for a capability of a user who is surely not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, capabilities(7), CAP_SYS_TIME; time_namespaces(7)",
        "Linux, drivers/rtc/dev.c; kernel/time/posix-clock.c",
    ),
    aliases=("CL-0028",),
    advice="let one program on the host set the time: containers already have the host's time",
    checked=Verified("""
      - $ docker run --rm --cap-add SYS_TIME busybox sh -c 'adjtimex -q -t 10000 && echo set'
      - set
      + $ docker run --rm busybox sh -c 'adjtimex -q -t 10000 && echo set'
      + adjtimex: : Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              ntp:
                image: ntp
          -     cap_add: [«SYS_TIME», NET_BIND_SERVICE]
          +     cap_add: [NET_BIND_SERVICE]
                devices:
          -       - «/dev/ptp0»
                  - /dev/pps0
        """),
        Bad("""
            services:
              metrics:
                image: chrony-exporter
                volumes: [«/var/run/chrony:/run/chrony:ro»]
        """).because("A socket accepts commands, even through a read-only mount."),
        Bad("""
            services:
              ntp:
                image: ntp
                user: "1000"
          -     cap_add: [«SYS_TIME»]
        """).at("info"),
        Good("""
            services:
              web:
                image: web
                environment: {TZ: Europe/Berlin}
                volumes: ["/etc/localtime:/etc/localtime:ro"]
        """),
    ),
)
def host_clock_control(container: Container) -> Findings:
    """Point at the capability, the device or the mount."""
    title = container.title
    for grant in container.grants:
        if grant.name == "SYS_TIME":
            yield granted(
                grant,
                "set the clock of the host",
                Severity.WARNING,
                may_break=f"{container.title}, if it keeps the host's time",
            )
    for device in container.devices:
        if device.host is HostPath.CLOCK:
            shut = "" if device.access else ", but the device rules of the container block it"
            yield Finding(
                device.span,
                f"{title} gets a clock of the host, `{device.source}`{shut}"
                + by_default(device.provenance),
                fix=device.without(may_break=f"{container.title}, if it keeps the host's time"),
                because=device.because,
            )
    for mount in container.mounts:
        if mount.host is HostPath.CLOCK and not mount.is_below("/dev"):
            yield Finding(
                mount.span,
                f"{title} can command the host's chronyd through"
                f" `{mount.source}`{by_default(mount.provenance)}",
                because=mount.because,
            )
