"""The container is on the default bridge of the host.

All containers that are started without a network share the bridge `docker0`: those of other
projects, of `docker run` and of builds. Each can connect to all ports of this one, also to
those that it does not publish. A network of the project has only its own containers.
On the default bridge there is no name resolution either, so containers have fixed addresses or
`links` to one another.

`network_mode: default` is the same network under Docker.

## How to fix

Remove `network_mode`: the service is then on the project's own network. If others have to reach it,
publish a port, or connect both projects with a named external network.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, by_default, rule

_NAMES = ("bridge", "default")


@rule(
    on=Container,
    keys=("network_mode",),
    severity="info",
    strict=True,
    fix="tightens",
    advice="put it on a network that only these containers share, under `networks`",
    cwe=(653,),
    references=(
        "Compose Specification, services, network_mode",
        "moby 26.1.5, runconfig/hostconfig_unix.go",
    ),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     network_mode: «bridge»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
          -     network_mode: «${MODE:-default}»
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
              proxy:
                image: traefik:3.6
                networks: [edge]
              tool:
                image: busybox:1.37
                network_mode: ${MODE}
            networks:
              edge: {driver: bridge}
        """).because("A driver of this name makes a network of the project."),
    ),
)
def default_bridge_network(container: Container) -> Findings:
    """Point at `network_mode`."""
    mode = container.text("network_mode")
    if mode.value not in _NAMES:
        return
    yield Finding(
        mode.span,
        f"{container.title} shares the default bridge with containers of other"
        f" projects{by_default(mode.provenance)}",
        fix=Fix.tightens(
            "Use the network of the project",
            container.editor.remove("network_mode"),
            may_break=f"{container.title}, if containers outside of the project use its address",
        ),
    )
