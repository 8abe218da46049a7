"""A port is published on every interface of the host.

What is published without an address can be reached through every network that the host
is in, now or later: the office's, a VPN's, the internet. Docker writes its own firewall
rules for it, which come before those of `ufw` and its like. For a web server in front
that is what one wants; for what only that server or the host itself talks to, it is
not.

## How to fix

Name the address: `127.0.0.1:8080:80` for what is used on the host itself or through a
reverse proxy there, or that of the interface that is meant. Where only containers of
the project use the port, it need not be published at all.
"""

from __future__ import annotations

from tightship.isolation.ports import Port
from tightship.rules.kit import (
    Applicability,
    Bad,
    Finding,
    Findings,
    Good,
    Severity,
    by_default,
    rule,
)


@rule(
    on=Port,
    severity=Severity.INFO,
    strict=True,
    fix=Applicability.UNSAFE,
    cis=("5.14",),
    owasp=("R5a",),
    cwe=(668,),
    references=(
        "Compose Specification, services, ports",
        "Docker documentation, packet filtering and firewalls",
    ),
    aliases=("CL-0005", "dclint:no-unbound-port-interfaces", "kics:451d79dc"),
    examples=(
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                ports:
                  - «"8080:80"»
                  - «443»
            """,
            fixed="""
            services:
              web:
                image: nginx:1.29
                ports:
                  - "127.0.0.1:8080:80"
                  - 127.0.0.1::443
            """,
        ),
        Bad(
            """
            services:
              web:
                image: nginx:1.29
                ports:
                  - «{target: 80, published: "8080", host_ip: "::"}»
            """,
            fixed="""
            services:
              web:
                image: nginx:1.29
                ports:
                  - {target: 80, published: "8080", host_ip: "127.0.0.1"}
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                ports: ["192.0.2.7:443:443", "127.0.0.1:8080:80"]
            """,
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                network_mode: host
                ports: ["8080:80"]
            """,
            why="In the host's network Docker discards the entry.",
        ),
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
        f"service `{port.container.name}` publishes port {parsed.target}{protocol}"
        f" on all interfaces{by_default(port.published.address_provenance)}",
        fix=port.bound_to_loopback(),
    )
