"""A port is published on every interface of the host.

A port that is published without an address is reachable through every network of the
host, now or later: the office network, a VPN, the internet. Docker writes its own
firewall rules for it, which take effect before those of `ufw` and similar tools. That
is right for a public web server, but not for services that only this server or the
host uses.

## How to fix

Add an address: `127.0.0.1:8080:80` if only the host itself or a reverse proxy on it
uses the port, or the address of the right interface. If only containers of the
project use the port, do not publish it.
"""

from tightship.rules import Bad, Finding, Findings, Good, Port, by_default, rule


@rule(
    on=Port,
    severity="info",
    strict=True,
    fix="tightens",
    cwe=(668,),
    references=(
        "Compose Specification, services, ports",
        "Docker documentation, packet filtering and firewalls",
    ),
    aliases=("CL-0005", "dclint:no-unbound-port-interfaces", "kics:451d79dc"),
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                ports:
          -       - «"8080:80"»
          -       - «443»
          +       - "127.0.0.1:8080:80"
          +       - 127.0.0.1::443
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                ports:
          -       - «{target: 80, published: "8080", host_ip: "::"}»
          +       - {target: 80, published: "8080", host_ip: "127.0.0.1"}
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                ports: ["192.0.2.7:443:443", "127.0.0.1:8080:80"]
        """),
        Good("""
            services:
              web:
                image: nginx:1.29
                network_mode: host
                ports: ["8080:80"]
        """).because("In the host's network Docker discards the entry."),
    ),
)
def port_on_all_interfaces(port: Port) -> Findings:
    """Point at a port without an address, or with that of all interfaces."""
    if not port.surely_on_all_interfaces:
        return
    parsed = port.parsed
    protocol = "" if parsed.protocol == "tcp" else f"/{parsed.protocol}"
    yield Finding(
        port.span,
        f"{port.container.title} publishes port {parsed.target}{protocol}"
        f" on all interfaces{by_default(port.published.address_provenance)}",
        fix=port.bound_to_loopback(),
    )
