"""The container can use all processors of the host.

Docker sets no limit of processor time (moby 26.1.5, daemon/daemon_unix.go; `0` means no
limit, too). If all processors are busy, the kernel shares them fairly between
containers, so a busy container slows its neighbours down but does not stop them. That is
still a problem if services have deadlines, or if processor time costs money.

## How to fix

Set `cpus`, or `cpus` below `deploy.resources.limits`, to more than the service needs
at its busiest; `docker stats` shows what it uses now. A `cpuset` pins the container
to some processors and leaves the others to its neighbours. There is no automatic fix:
only you know how fast the service has to be.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, by_default, rule


@rule(
    on=Container,
    severity="info",
    strict=True,
    cwe=(770,),
    references=(
        "Compose Specification, services, cpus",
        "Compose Deploy Specification, resources",
        "moby 26.1.5, daemon/daemon_unix.go",
    ),
    aliases=("CL-0026", "kics:6b610c50"),
    advice="set `cpus` above what `docker stats` shows when the service is busy",
    examples=(
        Bad("""
            services:
              «web»:
                image: nginx:1.29
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                cpus: «0»
        """).because("`0` is no limit, either; the rule points at the value."),
        Good("""
            services:
              web:
                image: nginx:1.29
                cpus: 0.5
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                cpuset: "0,1"
        """).because("A container that is pinned to some processors leaves the others alone."),
        Good("""
            services:
              web:
                image: nginx:1.29
                deploy:
                  resources:
                    limits: {cpus: "${CPUS}"}
        """).because("The value is known only at run time, so the rule reports nothing."),
    ),
)
def unlimited_cpu(container: Container) -> Findings:
    """Point at the limit that is none, or at the service."""
    limit = container.limits.cpu.setting
    if not limit.surely_absent:
        return
    yield Finding(
        limit.span if limit.is_set else container.span,
        f"nothing limits the processor time of {container.title}" + by_default(limit.provenance),
    )
