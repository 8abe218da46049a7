"""Services, extends or includes form a cycle.

If services extend, wait for or link one another in a circle, or files include one
another, Compose has no order in which to read or start them. It rejects the project, and
starts nothing.

`network_mode: service:vpn`, other shared namespaces and `volumes_from` also make a service
wait for the other.

## How to fix

Break the cycle at one place. If two services only talk to each other, neither has to
wait: remove one `depends_on` and let the service retry until the other answers.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, Verified, rule


@rule(
    on=Fault,
    severity="error",
    references=(
        "Compose Specification, services, extends and depends_on",
        "compose-go, loader/extends.go and graph",
    ),
    advice="break the cycle: remove one of its links",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - Circular reference:
      -   web in …/compose.yaml
      -   extends web in …/compose.yaml
      + accepted
    """),
    examples=(
        Bad("""
            services:
              web: {image: nginx, extends: «web»}
        """),
        Bad("""
            ==> compose.yaml <==
            include: [monitoring.yaml]
            services: {web: {image: "nginx:1.29"}}
            ==> monitoring.yaml <==
            include: [«compose.yaml»]
            services: {exporter: {image: "exporter:1"}}
        """),
        Bad("""
            services:
              web: {image: "app:1", depends_on: [worker]}
              worker: {image: "app:1", network_mode: «"service:web"»}
        """),
        Good("""
            services:
              base: {image: "app:1"}
              web: {extends: base, depends_on: [worker]}
              worker: {extends: base}
        """),
    ),
)
def dependency_cycle(fault: Fault) -> Findings:
    """Point at a place where the circle could be broken."""
    if fault.kind == "cycle":
        yield Finding(fault.span, fault.message, because=fault.because)
