"""The build uses the host's network.

A build runs code from many sources: the base image, packages, maintainer scripts. In
the host's network namespace, that code reaches services that listen only on the host's
loopback interface, such as databases and agents that trust every client, and it can
open ports on the host while the build runs.

## How to fix

Remove `network: host` and the entitlement `network.host`. For a proxy or a private
package registry, use build arguments such as `HTTP_PROXY`, `extra_hosts` or a DNS name
that works from a container.
"""

from tightship.rules import Bad, Buildable, Finding, Findings, Fix, Good, Verified, by_default, entitled, rule  # fmt: skip


@rule(
    on=Buildable,
    keys=("build",),
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Build Specification, network and entitlements",
        "Dockerfile reference, RUN --network",
    ),
    advice="remove the setting; for a proxy, pass build arguments such as `HTTP_PROXY`",
    checked=Verified(
        """
            $ docker compose --progress plain build --no-cache 2>&1 | grep -o docker0:
          - docker0:
            ==> compose.yaml <==
          - services: {web: {build: {context: ., network: host}}}
          + services: {web: {build: {context: .}}}
            ==> Dockerfile <==
            FROM busybox
            RUN cat /proc/net/dev
        """,
        note="The first build sees the host's bridge `docker0`, and the second does not.",
    ),
    examples=(
        Bad("""
            services:
              web:
                build:
                  context: .
          -       network: «host»
        """),
        Bad("""
            services:
              web:
                build:
                  context: .
                  entitlements:
          -         - «network.host»
                    - security.insecure
        """),
        Good("""
            services:
              web:
                build: {context: ., network: none}
        """),
        Good("""
            services:
              web:
                build: {context: ., network: "${BUILD_NETWORK}"}
        """),
    ),
)
def host_network_build(owner: Buildable) -> Findings:
    """Point at each key that gives the build the host's network."""
    network = owner.text("build", "network")
    if network.is_surely("host"):
        yield Finding(
            network.span,
            f"the build of {owner.title} has the host's network" + by_default(network.provenance),
            fix=Fix.tightens(
                "Build in its own network",
                owner.editor.remove_nested(("build",), "network"),
                may_break="steps that reach services on the host's loopback interface",
            ),
        )
    yield from entitled(
        owner, "network.host", "use the host's network", may_break="steps with `RUN --network=host`"
    )
