"""The build can run with nearly all rights of the host's root.

A build runs code from everywhere: the base image, packages, the scripts of their
maintainers. BuildKit confines it in a container. If the file grants it `privileged:
true` or the entitlement `security.insecure`, a step with `RUN --security=insecure` has
all capabilities and no seccomp or AppArmor profile. One tampered package is enough to
take over the host that builds.

## How to fix

Remove `privileged` and the entitlement. Work that needs such rights, such as mounting
a file system or running a container in the build, is usually possible at run time, or
with a tool that does not need them (`buildah`, `kaniko`, `fakeroot`).
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Fix, Good, Unverified, by_default, entitled, rule  # fmt: skip


@rule(
    on=Buildable,
    keys=("build",),
    severity="warning",
    fix="tightens",
    cwe=(250,),
    references=(
        "Compose Build Specification, privileged and entitlements",
        "Dockerfile reference, RUN --security",
    ),
    checked=Unverified(
        "the BuildKit of that engine does not know `RUN --security`, so no step asks for it"
    ),
    examples=(
        Bad("""
            services:
              web:
                build:
                  context: .
          -       privileged: «true»
        """),
        Bad("""
            services:
              web:
                build:
                  context: .
          -       entitlements: [network.host, «security.insecure»]
          +       entitlements: [network.host]
        """),
        Good("""
            services:
              web:
                build: {context: ., privileged: "${PRIVILEGED_BUILD:-false}"}
        """),
    ),
)
def privileged_build(owner: Buildable) -> Findings:
    """Point at each key that lets the build out of its container."""
    privileged = owner.flag("build", "privileged")
    if privileged.is_surely(True):
        yield Finding(
            privileged.span,
            f"the build of {owner.title} may run privileged" + by_default(privileged.provenance),
            fix=Fix.tightens(
                "Build without privileges",
                owner.editor.remove_nested(("build",), "privileged"),
                may_break="steps with `RUN --security=insecure`",
            ),
        )
    yield from entitled(
        owner,
        "security.insecure",
        "run privileged",
        may_break="steps with `RUN --security=insecure`",
    )
