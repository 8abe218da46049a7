"""Kernel files that Docker hides are visible and writable.

Docker masks parts of `/proc` and `/sys` (`/proc/kcore`, `/proc/keys`, `/sys/firmware`
and more) and mounts others read-only (`/proc/sys`, `/proc/sysrq-trigger`, `/proc/irq`,
`/proc/bus`), because the kernel does not isolate them between containers (moby 26.1.5,
oci/defaults.go). `systempaths=unconfined` removes both protections. Then root in the
container can crash the host through `sysrq-trigger`, or name a program in
`/proc/sys/kernel/core_pattern` that the kernel runs as root on the host. If the host
uses AppArmor, its default profile still forbids such writes.

## How to fix

Remove the option. A single kernel parameter that belongs to the container's own
namespaces can be set under `sysctls`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, by_default, rule


@rule(
    on=Container,
    keys=("security_opt",),
    severity="warning",
    fix="tightens",
    cwe=(693,),
    references=(
        "docker/compose, pkg/compose/create.go (parseSecurityOpts)",
        "moby 26.1.5, oci/defaults.go",
        "Linux, core(5) and proc(5)",
    ),
    checked=Verified("""
      - $ docker run --rm --security-opt systempaths=unconfined busybox sysctl -w kernel.shmmni=1000
      - kernel.shmmni = 1000
      + $ docker run --rm busybox sysctl -w kernel.shmmni=1000
      + sysctl: error setting key 'kernel.shmmni': Read-only file system
    """),
    examples=(
        Bad("""
            services:
              builder:
                image: buildah
                security_opt:
          -       - «systempaths=unconfined»
                  - no-new-privileges:true
        """),
        Good("""
            services:
              builder:
                image: buildah
                security_opt: ["no-new-privileges:true"]
                sysctls: {net.core.somaxconn: 1024}
        """),
    ),
)
def system_paths_unmasked(container: Container) -> Findings:
    """Point at the option, wherever in the list it stands."""
    paths = container.security.system_paths
    if not paths.is_surely("unconfined"):
        return
    yield Finding(
        paths.span,
        f"{container.title} can reach the files in `/proc` and `/sys` that"
        f" {container.settings.engine} hides{by_default(paths.provenance)}",
        fix=Fix.tightens(
            "Mask the kernel's files again",
            container.editor.remove_item("security_opt", paths.source),
            may_break=f"{container.title}, if it sets kernel parameters, or runs its own containers",
        ),
    )
