"""The container has access to the logs of the host.

The kernel's log and the system's log belong to the host: no namespace separates them.
With `SYSLOG`, a process can read and clear the kernel's log, and the addresses in it
help to attack the kernel. With `/dev/kmsg`, a process can write to that log, and also
read it, unless the kernel requires `SYSLOG` for that. `/dev/log` and the journal's
sockets accept entries from anyone, so a container can forge entries of other programs.
If `/var/log` is writable, the container can erase its traces, and create links that
mislead the programs that rotate and read these files as root.

A read-only mount shows the activity on the host: the finding is an info, because log
shippers need it. The rule ignores directories below `/var/log` that belong to one program.

## How to fix

Mount only the log directory of the one program, and mount it read-only. Let the container
write its own log to standard output, where Docker's logging driver picks it up.
"""

from tightship.rules import MOUNTING, Bad, Container, Finding, Findings, Good, HostPath, Mount, Severity, Verified, asked_for, by_default, documented_grant, granted, mount_asked_for, rule  # fmt: skip

# Sockets accept data even through a read-only mount.
_ENTRANCES = ("/dev/log", "/run/systemd/journal")


@rule(
    on=Container,
    keys=("cap_add", "devices", *MOUNTING),
    when=("grants", "devices", "mounts"),
    severity="warning",
    severity_note="info if the logs are mounted read-only, the device cgroup blocks a"
    " device, or the user with the capability is surely not root",
    fix="tightens",
    cwe=(200,),
    references=("Linux, capabilities(7), CAP_SYSLOG; syslog(2)", "systemd-journald.service(8)"),
    aliases=("CL-0013", "CL-0016", "CL-0030"),
    checked=Verified("""
      - $ docker run --rm --cap-add SYSLOG busybox sh -c 'dmesg >/dev/null && echo read'
      - read
      + $ docker run --rm busybox sh -c 'dmesg >/dev/null && echo read'
      + dmesg: klogctl: Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              agent:
                image: agent
          -     cap_add:
          -       - «SYSLOG»
          -     devices: [«/dev/kmsg»]
                volumes:
          -       - «/var/log:/host/log»
          +       - /var/log:/host/log:ro
        """),
        Bad("""
            services:
              mail:
                image: mail
                volumes: [«/dev/log:/dev/log:ro»]
        """).because("A socket accepts entries, even through a read-only mount."),
        Bad("""
            services:
              shipper:
                image: shipper
                volumes:
                  - «/var/log/journal:/var/log/journal:ro»
        """).at("info"),
        Bad("""
            services:
              agent:
                image: agent
                user: "1000"
          -     cap_add: [«SYSLOG»]
        """).at("info"),
        Good("""
            services:
              web:
                image: nginx
                volumes:
                  - /var/log/nginx:/var/log/nginx
                  - ./log:/var/log/app
        """),
    ),
)
def host_log_access(container: Container) -> Findings:
    """Point at the capability, the device or the mount."""
    title = container.title
    # With `privileged` it has all of these, and that is the finding.
    is_privileged = container.privileged.is_surely(True)
    for grant in () if is_privileged else container.grants:
        if grant.name == "SYSLOG":
            yield granted(
                grant,
                "read and clear the log of the host's kernel",
                Severity.WARNING,
                may_break=f"{container.title}, if it reads the kernel's log",
                known_as=("CL-0030",),
            )
    for device in () if is_privileged else container.devices:
        if device.host is HostPath.LOGS:
            shut = "" if device.access else ", but the device rules of the container block it"
            yield Finding(
                device.span,
                f"{title} gets the log of the host's kernel,"
                f" `{device.source}`{shut}{by_default(device.provenance)}"
                + asked_for(documented_grant(container, "devices", device.source), container),
                severity=Severity.INFO if shut else None,
                fix=device.without(may_break=f"{container.title}, if it reads the kernel's log"),
                because=device.because,
                known_as=("CL-0016",) if device.mapped else ("CL-0013",),
            )
    for mount in container.mounts:
        if mount.host is HostPath.LOGS and mount.path != "/dev/kmsg":
            yield _mounted(mount)


def _mounted(mount: Mount) -> Finding:
    known_as = ("CL-0013",) if mount.is_below("/dev", "/run") else ()
    title = mount.container.title
    end = by_default(mount.provenance) + mount_asked_for(mount)
    if mount.is_below(*_ENTRANCES):
        return Finding(
            mount.span,
            f"{title} reaches the log of the host through `{mount.source}`{end}",
            because=mount.because,
            known_as=known_as,
        )
    if mount.writable:
        return Finding(
            mount.span,
            f"{title} can change and erase logs of the host in `{mount.source}`{end}",
            fix=mount.made_read_only(
                title="Mount them read-only",
                may_break=f"{mount.container.title}, if it writes to these files",
            ),
            because=mount.because,
            known_as=known_as,
        )
    return Finding(
        mount.span,
        f"{title} can read the logs of the host in `{mount.source}`{end}",
        severity=Severity.INFO,
        because=mount.because,
        known_as=known_as,
    )
