"""AppArmor is off for the container.

If the host has AppArmor, as Debian and Ubuntu do, Docker confines every container
with the profile `docker-default`: no mounts, no writes to most of `/proc` and `/sys`,
no tracing of processes outside (moby 26.1.5, profiles/apparmor/template.go). It still
protects the host if the container has a capability that it does not need.
`apparmor=unconfined` removes it.

If a service has several `apparmor` options, the last one applies. On hosts without
AppArmor, these options have no effect.

## How to fix

Remove the option: Docker's own profile then applies. If the service needs an action that
the profile denies, load its own profile on the host and name it: `apparmor=NAME`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Unverified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=(
        "Compose Specification, services, security_opt",
        "Docker documentation, AppArmor security profiles for Docker",
        "moby 26.1.5, profiles/apparmor/template.go, daemon/oci_linux.go",
    ),
    aliases=("CL-0009",),
    checked=Unverified(
        "the test engine has a kernel without AppArmor, where the option does nothing"
    ),
    examples=(
        Bad("""
            services:
              files:
                image: mergerfs
                security_opt:
          -       - «apparmor:unconfined»  # fuse
                  - no-new-privileges:true
        """),
        Bad("""
            services:
              files:
                image: mergerfs
          -     security_opt: [«apparmor=unconfined»]
        """),
        Good("""
            services:
              files:
                image: mergerfs
                security_opt: ["apparmor=mergerfs"]
        """),
    ),
)
def apparmor_unconfined(container: Container) -> Findings:
    """Point at the option that counts."""
    profile = container.security.apparmor
    if not profile.is_surely("unconfined"):
        return
    asked = documented_grant(container, "security_opt", "apparmor:unconfined")
    yield Finding(
        profile.span,
        f"{container.title} is not confined by"
        f" AppArmor{by_default(profile.provenance)}" + asked_for(asked, container),
        fix=None
        if asked
        else Fix.tightens(
            "Use Docker's AppArmor profile",
            container.editor.remove_item("security_opt", profile.source),
            may_break=f"{container.title}, if it mounts file systems, or writes to `/proc` or `/sys`",
        ),
    )
