"""A network opens ports of its containers to other hosts, published or not.

Docker's firewall rules let other hosts reach a container only at the ports that it publishes,
and only at the addresses that these are bound to. Options of a bridge network change that:

- `gateway_mode_ipv4` or `gateway_mode_ipv6` with `nat-unprotected` sets up no filter: every
  port of every container on the network is reachable at the container's own address.
- With `routed`, a published port is reachable at the container's own address. The address in
  `ports`, such as `127.0.0.1`, has no effect.
- `trusted_host_interfaces` does the same for hosts behind the named interfaces.

The other host needs a route to the network through this one. A host on the same link can add
it by itself. The options need Docker Engine 27, and trusted interfaces 28.2; the claim is
from Docker's documentation and source.

## How to fix

Remove the option, or set the mode to `nat`. To reach a container from other hosts, publish
the port on an address of the host. Use `routed` only for networks whose published ports may
be reached from everywhere.
"""

from itertools import islice

from tightship.rules import Bad, Container, Finding, Findings, Good, OpenGateway, Unverified, is_loopback, rule  # fmt: skip

_MOST_NAMED = 3


@rule(
    on=OpenGateway,
    severity="warning",
    cwe=(668,),
    references=(
        "Docker documentation, Port publishing and mapping, Gateway modes",
        "moby 28.2, libnetwork/drivers/bridge",
    ),
    advice="remove the option, or set the mode to `nat`",
    checked=Unverified("it needs Docker Engine 27, and a second host with a route"),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:18
                networks: [back]
            networks:
              back:
                driver_opts:
                  com.docker.network.bridge.gateway_mode_ipv4: «nat-unprotected»
        """),
        Bad("""
            services:
              db:
                image: postgres:18
                ports: ["127.0.0.1:5432:5432"]
                networks: [back]
            networks:
              back:
                driver_opts:
                  com.docker.network.bridge.gateway_mode_ipv4: «routed»
        """).because("Other hosts reach port 5432 at the address of the container."),
        Good("""
            services:
              web:
                image: nginx:1.29
                ports: ["80"]
                networks: [front]
            networks:
              front:
                driver_opts:
                  com.docker.network.bridge.gateway_mode_ipv6: routed
        """).because("The port is published to all addresses anyway."),
        Good("""
            services:
              db:
                image: postgres:18
                networks: [back]
            networks:
              back:
                driver_opts:
                  com.docker.network.bridge.gateway_mode_ipv4: nat
        """),
    ),
)
def unfiltered_network(gateway: OpenGateway) -> Findings:
    """Point at the option of a network that opens more than its ports say."""
    services = gateway.project.services.values()
    on_it = [
        one
        for one in map(Container, services)
        if gateway.network in (one.networks or ("default",)) and not one.text("network_mode").is_set
    ]
    what = f"network `{gateway.network}` has `{gateway.option}`"
    if gateway.every_port and on_it:
        names = _listed([one.name for one in on_it])
        yield Finding(
            gateway.span,
            f"{what}: other hosts that route to it reach every port of {names}, published or not",
        )
        return
    bound = (
        (one, port)
        for one in on_it
        for port in one.ports
        if port.decided and is_loopback(port.host_ip)
    )
    for one, port in islice(bound, 1):
        yield Finding(
            gateway.span,
            f"{what}: other hosts reach port {port.parsed.target} of"
            f" {one.title} at the container's address, although it is published on"
            f" `{port.host_ip}`",
        )


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
