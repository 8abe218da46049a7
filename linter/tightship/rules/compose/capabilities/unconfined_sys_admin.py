"""The container can mount the file systems of the host.

`SYS_ADMIN` allows mounts. On hosts such as Debian and Ubuntu, only AppArmor's default
profile still forbids them, because Docker's seccomp filter allows `mount` with this
capability. With `apparmor=unconfined` as well, nothing forbids them: root in the
container can mount `/sys/kernel` or the control groups, use them to start programs on
the host, and so leave the container (moby 26.1.5, profiles/apparmor/template.go and
profiles/seccomp/default.json).

## How to fix

Remove the capability, and the option with it. A FUSE file system can be mounted on
the host and passed in. If a service has to mount file systems itself, load an AppArmor profile
on the host that allows only that mount, and name it with `apparmor=NAME`.
"""

from tightship.rules import AddedCapability, Bad, Finding, Findings, Good, Related, Severity, Unverified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=AddedCapability,
    severity="error",
    severity_note="warning if the user is surely not root",
    fix="tightens",
    cwe=(250,),
    references=(
        "Linux, capabilities(7)",
        "moby 26.1.5, profiles/apparmor/template.go, profiles/seccomp/default.json",
    ),
    absorbs=("apparmor-unconfined",),
    absorbs_here=("host-takeover-capability",),
    checked=Unverified(
        "the test engine has a kernel without AppArmor, where the option does nothing"
    ),
    examples=(
        Bad("""
            services:
              files:
                image: mergerfs
          -     cap_add: [«SYS_ADMIN»]
                security_opt: ["apparmor:unconfined"]
        """),
        Bad("""
            services:
              files:
                image: mergerfs
                user: "1000"
          -     cap_add: [«SYS_ADMIN»]
                security_opt: ["apparmor:unconfined"]
        """).at(
            "warning",
            "Only root, or a program with the setuid bit or file capabilities, can mount.",
        ),
        Good("""
            services:
              files:
                image: mergerfs
                cap_add: [SYS_ADMIN]
                security_opt: ["apparmor:mergerfs"]
              debug:
                image: gdb
                security_opt: ["apparmor:unconfined"]
        """).because("Each has only one of the two."),
    ),
)
def unconfined_sys_admin(grant: AddedCapability) -> Findings:
    """Point at the item of `cap_add`."""
    container, profile = grant.container, grant.container.security.apparmor
    if "SYS_ADMIN" not in grant.powers or not profile.is_surely("unconfined"):
        return
    # As capability of no process it is only an info, of another rule.
    if container.privileged.is_surely(True) or container.capability_hold == "unobtainable":
        return
    asked = documented_grant(container, "cap_add", grant.name)
    yield Finding(
        grant.span,
        f"{container.title} can mount the host's file systems{grant.if_root}: `{grant.name}`"
        f" allows it, and AppArmor, which forbids it, is"
        f" off{by_default(grant.setting.provenance)}" + grant.limit + asked_for(asked, container),
        severity=grant.severity(Severity.ERROR),
        fix=None
        if asked
        else grant.without(may_break=f"{container.title}, if it mounts file systems"),
        because=(Related(profile.span, "this switches AppArmor off"),),
    )
