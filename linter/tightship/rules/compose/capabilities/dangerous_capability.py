"""The service adds a capability that weakens the host or its other containers.

Docker leaves these out of its default set because each reaches beyond the container.
`SYS_PTRACE` reads and changes other processes: with `pid: host`, those of the host. `BPF`
and `PERFMON` attach programs and probes to the running kernel. `MAC_ADMIN` and
`MAC_OVERRIDE` change and bypass mandatory access control. `SYS_BOOT` reboots the host.
`LINUX_IMMUTABLE` makes files that root cannot delete until the attribute is removed.
`CHECKPOINT_RESTORE` restores processes under ids of its choice.

`NET_ADMIN` controls the network namespace: the container's own, or with
`network_mode: host` the interfaces and the firewall of the host. `SYS_RESOURCE`,
`SYS_NICE` and `IPC_LOCK` exceed limits, and so take memory and processor time from
everything else on the machine.

A process has capabilities only as root. Under another user they take effect only in a
program with the setuid bit or with file capabilities, and with `no-new-privileges` in
none: the finding is then an info.

## How to fix

Remove the capability unless the documentation of the service explains why it needs
it. Put a debugger or a tracer into a separate Compose file that production does not
load.
"""

from tightship.rules import CAPABILITY_MEANING, TAKEOVER, AddedCapability, Bad, Finding, Findings, Good, Related, Severity, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip

_STRONG = frozenset(
    (
        "BPF",
        "CHECKPOINT_RESTORE",
        "LINUX_IMMUTABLE",
        "MAC_ADMIN",
        "MAC_OVERRIDE",
        "PERFMON",
        "SYS_BOOT",
        "SYS_PTRACE",
    )
)
_WEAK = frozenset(("IPC_LOCK", "NET_ADMIN", "SYS_NICE", "SYS_RESOURCE"))
# compose-lint has an id for each kind of capability.
_IDS = {
    "BPF": "CL-0011",
    "IPC_LOCK": "CL-0029",
    "NET_ADMIN": "CL-0011",
    "PERFMON": "CL-0028",
    "SYS_BOOT": "CL-0011",
    "SYS_NICE": "CL-0029",
    "SYS_PTRACE": "CL-0027",
}
_KICS = "kics:ce76b7d0"


@rule(
    on=AddedCapability,
    severity="warning",
    severity_note="info for `SYS_RESOURCE`, `SYS_NICE`, `IPC_LOCK`, and for `NET_ADMIN`"
    " outside of the host's network, or if the user is surely not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, cap_add",
        "Linux, capabilities(7)",
        "moby 26.1.5, oci/caps/defaults.go",
    ),
    aliases=("CL-0011", "CL-0027", "CL-0028", "CL-0029", _KICS),
    checked=Verified("""
      - $ docker run --rm --cap-add SYS_NICE busybox sh -c 'renice -n -10 1 && echo raised'
      - raised
      + $ docker run --rm busybox sh -c 'renice -n -10 1 && echo raised'
      + renice: setpriority: Permission denied
    """),
    examples=(
        Bad("""
            services:
              app:
                image: app:1.4
                cap_add:
          -       - «SYS_PTRACE»
                  - CHOWN
        """),
        Bad("""
            services:
              firewall:
                image: fail2ban
                network_mode: host
          -     cap_add: [«net_admin», NET_RAW]
          +     cap_add: [NET_RAW]
        """).because("In the host's network this is the host's firewall."),
        Bad("""
            services:
              vpn:
                image: openvpn
          -     cap_add: [«NET_ADMIN»]
        """).at("info", "In its own network, it controls only that network."),
        Bad("""
            services:
              app:
                image: app:1.4
                user: "1000"
          -     cap_add: [«SYS_PTRACE»]
        """).at("info", "Only root has it, or a program with the setuid bit or file capabilities."),
        Good("""
            services:
              web:
                image: nginx
                cap_drop: [ALL]
                cap_add: [CHOWN, SETGID, SETUID, NET_BIND_SERVICE]
        """).because("Docker grants these capabilities by default."),
    ),
)
def dangerous_capability(grant: AddedCapability) -> Findings:
    """Point at the item of `cap_add`, unless it hands over the host altogether."""
    container, item = grant.container, grant.setting
    found = grant.powers & (_STRONG | _WEAK)
    if not found or grant.powers & TAKEOVER:
        return
    network = container.namespace("network")
    host = network.is_host and "NET_ADMIN" in found
    if grant.name == "ALL":
        what = f"all that `cap_drop` leaves, `{min(found)}` among them"
        needs = "one of them: grant only that one"
    else:
        meaning = CAPABILITY_MEANING[grant.name]
        if host:
            meaning = "configure interfaces, routes and firewalls of the host"
        what = f"`{grant.name}`: it can {meaning}"
        needs = f"to {meaning}"
    severity = Severity.WARNING if found & _STRONG or host else Severity.INFO
    asked = documented_grant(container, "cap_add", grant.name)
    yield Finding(
        grant.span,
        f"{container.title} gets {what}{by_default(item.provenance)}"
        + grant.limit
        + asked_for(asked, container),
        severity=grant.severity(severity),
        fix=None if asked else grant.without(may_break=f"{container.title}, if it needs {needs}"),
        because=(Related(network.span, "this is the host's network"),) if host else (),
        known_as=(_KICS, _IDS[grant.name]) if grant.name in _IDS else (_KICS,),
    )
