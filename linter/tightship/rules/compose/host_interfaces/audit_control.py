"""The container has access to the audit system of the host.

An investigation depends on the kernel's audit records. The host and its containers share
one audit system, without a namespace for it. `AUDIT_CONTROL` allows a process to change
the rules and to turn auditing off; `AUDIT_READ` allows it to read every record. The
kernel accepts these requests only from processes in the host's PID namespace, and sends
records only into the host's network namespace. So the capabilities have their full effect
together with `pid: host` and `network_mode: host`, and services usually ask for all of
these together. `/var/log/audit` holds the records themselves, with commands and their
arguments.

## How to fix

Let the host's own auditd collect the records and send them on. Remove the capability
and the mount.
"""

from tightship.rules import MOUNTING, Bad, Container, Finding, Findings, Good, HostPath, Severity, Unverified, by_default, granted, rule  # fmt: skip

_RIGHTS = {
    "AUDIT_CONTROL": "change the audit rules of the host, and turn auditing off",
    "AUDIT_READ": "read the audit records of the host",
}


@rule(
    on=Container,
    keys=("cap_add", *MOUNTING),
    when=("grants", "mounts"),
    severity="warning",
    severity_note="info for a capability of a user who is surely not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, capabilities(7), CAP_AUDIT_CONTROL, CAP_AUDIT_READ",
        "Linux, kernel/audit.c",
    ),
    checked=Unverified(
        "the kernel answers only in the first PID namespace, and the test engine has its own"
    ),
    examples=(
        Bad("""
            services:
              siem:
                image: siem
                pid: host
                cap_add:
          -       - «AUDIT_CONTROL»
          -       - «CAP_AUDIT_READ»
                  - NET_BIND_SERVICE
        """),
        Bad("""
            services:
              siem:
                image: siem
                user: "1000"
                pid: host
          -     cap_add: [«AUDIT_CONTROL»]
        """).at("info"),
        Bad("""
            services:
              shipper:
                image: shipper
                volumes: [«/var/log/audit:/audit:ro»]
        """),
        Good("""
            services:
              web:
                image: web
                cap_add: [AUDIT_WRITE]
        """).because("Docker grants `AUDIT_WRITE` by default; it only adds records."),
    ),
)
def audit_control(container: Container) -> Findings:
    """Point at the capability or the mount."""
    title = container.title
    for grant in container.grants:
        if grant.name in _RIGHTS:
            ability = _RIGHTS[grant.name]
            yield granted(
                grant,
                ability,
                Severity.WARNING,
                may_break=f"{container.title}, if it audits the host",
            )
    for mount in container.mounts:
        if mount.host is HostPath.AUDIT:
            verb = "change and erase" if mount.writable else "read"
            yield Finding(
                mount.span,
                f"{title} can {verb} the audit log of the host in"
                f" `{mount.source}`{by_default(mount.provenance)}",
                because=mount.because,
            )
