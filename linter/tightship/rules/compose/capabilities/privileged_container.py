"""A privileged container is not isolated: its root is root on the host.

`privileged: true` gives every capability and every device of the host, and removes
seccomp, AppArmor, SELinux and the masks over `/proc` and `/sys`. An attacker who runs
code as root in it can mount the host's disk, or load a module into its kernel, and
controls the machine. Docker ignores other settings that limit it: `cap_drop`, a seccomp
profile and the permissions of devices (moby 26.1.5).

`read_only`, `user`, `no-new-privileges`, the namespaces and the limits still apply.
None of them prevents root in a privileged container from using the host's disks. A user
who is not root has no capabilities there, and opens only the devices that their owners
let every user open. One setuid program is enough to become root, so the finding
stays an error. With `no-new-privileges` as well it is a warning: seccomp, AppArmor
and the masks are still off. In the group `disk`, the user reads and writes the host's
disks, and it is an error again.

## How to fix

Remove `privileged`, start the service and find out what fails. Then grant only this:
a device under `devices`, a capability under `cap_add` (`NET_ADMIN` for a VPN), a
mount under `volumes`.
"""

from tightship.rules import HOST_POINTS, Bad, Container, Finding, Findings, Fix, Good, Severity, Verified, asked_for, by_default, documented_grant, in_place_of_privileged, of_privilege, rule  # fmt: skip

_POWER: dict[str, str] = {
    "held": "with every capability and every device of the host",
    "obtainable": "with every device of the host; a setuid program, or one with file"
    " capabilities, has every capability",
    "unobtainable": "with the devices of the host that its user can open; no process"
    " has its capabilities",
}


@rule(
    on=Container,
    keys=("privileged",),
    severity="error",
    severity_note="warning if the user is surely not root, and `no-new-privileges` is set",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Specification, services, privileged",
        "moby 26.1.5, oci/caps/utils.go, daemon/seccomp_linux.go, daemon/oci_linux.go",
    ),
    aliases=("CL-0002", "kics:ae5b6871", "semgrep:privileged-service"),
    absorbs=(
        "host-takeover-capability",
        "dangerous-capability",
        "default-capabilities-kept",
        "capability-drop-defeated",
        "seccomp-unconfined",
        "apparmor-unconfined",
        "selinux-disabled",
        "system-paths-unmasked",
        "privilege-escalation-allowed",
        "host-disk-device",
        "host-memory-device",
        "dev-directory-mounted",
        "wildcard-device-rule",
        "host-device-exposed",
        "device-permission-as-target",
    ),
    checked=Verified("""
      - $ docker run --rm --privileged busybox sh -c 'mount -t tmpfs x /tmp && echo mounted'
      - mounted
      + $ docker run --rm busybox sh -c 'mount -t tmpfs x /tmp && echo mounted'
      + mount: permission denied (are you root?)
    """),
    examples=(
        Bad("""
            services:
              vpn:
                image: wireguard
          -     privileged: «true»
                ports: ["51820:51820/udp"]
        """),
        Bad("""
            services:
          -   vpn: {image: wireguard, privileged: «"yes"»}
          +   vpn: {image: wireguard}
        """).because("Compose reads `yes`, `on` and `y` as true here, quoted or not."),
        Bad("""
            services:
              vpn:
                image: wireguard
          -     privileged: «${PRIVILEGED:-true}»
        """).because("If the variable is not set, the default applies."),
        Bad("""
            x-base: &base
              privileged: «true»
            services:
              vpn:
                <<: *base
                image: wireguard
          +     privileged: false
        """).because(
            "The rule judges the container that has it, and points at the line that sets it."
        ),
        Bad("""
            services:
              vpn:
                image: wireguard
                user: "1000:1000"
          -     privileged: «true»
                security_opt: ["no-new-privileges:true"]
        """).at("warning", "No process has its capabilities, but nothing else confines it."),
        Good("""
            services:
              vpn:
                image: wireguard
                cap_drop: [ALL]
                cap_add: [NET_ADMIN]
                devices: [/dev/net/tun]
        """),
        Good("""
            services:
              vpn:
                image: wireguard
                privileged: ${PRIVILEGED}
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def privileged_container(container: Container) -> Findings:
    """Point at what makes the container privileged."""
    privileged, service = container.privileged, container.settings
    if not privileged.is_surely(True):
        return
    edits = service.editor.remove("privileged") or service.editor.put("privileged", "false")
    asked = documented_grant(container, "privileged", "true")
    hands_over = of_privilege(container).points >= HOST_POINTS
    yield Finding(
        privileged.span,
        f"{container.title} is privileged: it runs unconfined,"
        f" {_POWER[container.capability_hold]}{by_default(privileged.provenance)}"
        + asked_for(asked, container),
        severity=None if hands_over else Severity.WARNING,
        fix=None
        if asked
        else Fix.tightens(
            "Remove the privileges",
            edits,
            may_break=f"{container.title}, if it needs a device or a capability of the host:"
            " grant only that, with `devices` or `cap_add`" + in_place_of_privileged(container),
        ),
    )
