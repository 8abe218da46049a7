"""A name is defined both here and in an included file.

The result depends on the version of Compose. Docker Compose 2.26 rejects the project
because of the conflict (verified); later releases merge this definition onto the
included one. So the same files start on one machine but not on another.

If Compose accepts it, it silently merges the two into one service: it appends lists,
so the capabilities, ports and mounts of the included service stay.

## How to fix

Rename one of the two. To change an included file, add an override to it in `include`
itself: `path: [monitoring/compose.yaml, monitoring.override.yaml]`.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, Verified, rule


@rule(
    on=Fault,
    severity="warning",
    references=("Compose Specification, include", "compose-go, loader/include.go"),
    advice="rename one, or override it in `include`: `path: [a/compose.yaml, a.override.yaml]`",
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - services.exporter conflicts with imported resource
      + accepted
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            include: [monitoring.yaml]
            services:
              «exporter»: {image: "exporter:2"}
            ==> monitoring.yaml <==
            services:
              exporter: {image: "exporter:1", privileged: true}
        """),
        Good("""
            ==> compose.yaml <==
            include: [{path: [monitoring.yaml, monitoring.override.yaml]}]
            services:
              web: {image: "nginx:1.29"}
            ==> monitoring.yaml <==
            services:
              exporter: {image: "exporter:1", privileged: true}
            ==> monitoring.override.yaml <==
            services:
              exporter: {privileged: false}
        """).because("An override in `include` is not a conflict."),
    ),
)
def include_conflict(fault: Fault) -> Findings:
    """Point at the name here."""
    if fault.kind == "include-conflict":
        yield Finding(fault.span, fault.message, because=fault.because)
