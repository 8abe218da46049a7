"""A service has a negative number of containers.

`scale` and `deploy.replicas` count the containers of a service. `docker compose config`
accepts a negative number, but `docker compose up` crashes, because it reserves memory for
the containers before it checks the number (Docker Compose 2.26.1,
`makeslice: len out of range`). No service of the project starts.

## How to fix

Write `0` to start no container, or remove the key to start one.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, ScalarValue, Verified, by_default, limit_number, rule  # fmt: skip


@rule(
    on=Container,
    keys=("scale", "deploy"),
    severity="error",
    references=(
        "Compose Specification, services, scale, and Deploy Specification, replicas",
        "Docker Compose 2.26.1, seen to crash",
    ),
    checked=Verified("""
        $ docker compose --progress quiet up -d 2>&1 | head -n 1
      - panic: runtime error: makeslice: len out of range [recovered]
        ==> compose.yaml <==
        services:
          app:
            image: busybox
      -     scale: -1
      +     scale: 0
    """),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                scale: «-1»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                deploy: {replicas: «-2»}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                scale: 0
              api:
                image: example/api:2
                deploy: {replicas: "${REPLICAS}"}
        """),
    ),
)
def negative_scale(container: Container) -> Findings:
    """Point at the number."""
    for path in (("scale",), ("deploy", "replicas")):
        leaf = container.value(*path)
        if not isinstance(leaf, ScalarValue) or not leaf.decided or leaf.content is None:
            continue
        count = limit_number(leaf.content, size=False)
        if count is not None and count < 0:
            yield Finding(
                leaf.span,
                f"{container.title} has `{path[-1]}: {leaf.text}`: Compose"
                f" crashes; write `0` or more{by_default(leaf.provenance)}",
            )
