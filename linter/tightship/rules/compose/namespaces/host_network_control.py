"""The container can change the network of the host.

`network_mode: host` puts the container into the host's network, and `NET_ADMIN`
allows a process to change its network. Together, the container can set the host's
addresses and routes, rewrite its firewall, including Docker's rules for every
published port, and route the traffic of other containers through itself. Without
`NET_ADMIN`, a container can use the host's network but not change it; with
`NET_ADMIN` in its own network, it can change only that network.

## How to fix

Remove the one that the service does not need. A VPN or a proxy usually works in its own
network, with its ports published; a service that only listens on the host needs no
`NET_ADMIN`.
"""

from tightship.rules import TAKEOVER, AddedCapability, Bad, Finding, Findings, Good, Related, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=AddedCapability,
    severity="warning",
    fix="tightens",
    cwe=(250,),
    references=("Linux, capabilities(7) and network_namespaces(7)",),
    absorbs=("host-network-namespace",),
    absorbs_here=("dangerous-capability",),
    checked=Verified("""
      - $ docker run --rm --network host --cap-add NET_ADMIN busybox ip link set docker0 mtu 1400 && echo changed
      - changed
      + $ docker run --rm --network host busybox ip link set docker0 mtu 1400 && echo changed
      + ip: SIOCSIFMTU: Operation not permitted
    """),
    examples=(
        Bad("""
            services:
              firewall:
                image: fail2ban
                network_mode: host
          -     cap_add: [«NET_ADMIN», NET_RAW]
          +     cap_add: [NET_RAW]
        """),
        Good("""
            services:
              vpn:
                image: openvpn
                cap_add: [NET_ADMIN]
              sidecar:
                image: sidecar:2
                network_mode: service:vpn
                cap_add: [NET_ADMIN]
              proxy:
                image: traefik:3.5
                network_mode: host
        """).because("Each has only one of the two."),
        Good("""
            services:
              firewall:
                image: fail2ban
                user: "1000"
                network_mode: host
                cap_add: [NET_ADMIN]
        """).because("A process has capabilities only as root; other rules report both settings."),
    ),
)
def host_network_control(grant: AddedCapability) -> Findings:
    """Point at `NET_ADMIN`, unless another capability takes over the host anyway."""
    container = grant.container
    namespace = container.namespace("network")
    if not namespace.is_host or "NET_ADMIN" not in grant.powers:
        return
    if grant.powers & TAKEOVER or container.privileged.is_surely(True):
        return
    if not grant.is_held:
        return
    asked = documented_grant(container, "cap_add", grant.name)
    yield Finding(
        grant.span,
        f"{container.title} can change the host's network and firewall{grant.if_root}, by"
        f" `{grant.name}` in the host's network{by_default(grant.setting.provenance)}"
        + asked_for(asked, container),
        fix=None
        if asked
        else grant.without(
            may_break=f"{container.title}, if it sets up interfaces, routes or a firewall"
        ),
        because=(Related(namespace.span, "this is the host's network"),),
    )
