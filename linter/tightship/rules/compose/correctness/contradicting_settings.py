"""Two settings contradict each other, and Compose rejects both.

Some keys exclude one another, such as `network_mode` and `networks`. Some say the
same and must not differ, such as `mem_limit` and the limit below `deploy`. Compose
rejects a project with such a pair, and starts nothing.

This often happens when files are merged: each file is valid by itself, and the error shows
only the result.

## How to fix

Keep one of the two settings. The related place shows the other one. To replace a
setting of the base file, remove it with `!reset` in the override file.
"""

from tightship.rules import Bad, Fault, Finding, Findings, Good, Verified, rule


@rule(
    on=Fault,
    severity="error",
    references=(
        "Compose Specification, merge and override",
        "compose-go, override/merge.go and validation",
    ),
    checked=Verified("""
        $ docker compose config --quiet && echo accepted
      - service web declares mutually exclusive `network_mode` and `networks`: invalid compose project
      + accepted
    """),
    examples=(
        Bad("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", networks: [edge]}
            networks: {edge: {}}
            ==> compose.override.yaml <==
            services:
              web: {network_mode: «host»}
        """).because("Compose rejects it; the service is not silently in the host's network."),
        Bad("""
            services:
              web:
                image: nginx:1.29
                mem_limit: «1g»
                deploy: {resources: {limits: {memory: 2g}}}
        """),
        Good("""
            ==> compose.yaml <==
            services:
              web: {image: "nginx:1.29", dns: [10.0.0.1], labels: {a: b}}
            ==> compose.override.yaml <==
            services:
              web: {dns: 10.0.0.2, labels: ["c=d"]}
        """).because("Compose merges the two forms of the same setting."),
    ),
)
def contradicting_settings(fault: Fault) -> Findings:
    """Point at the one that is written later."""
    if fault.kind == "exclusive" and fault.decided:
        yield Finding(fault.span, fault.message, because=fault.because)
