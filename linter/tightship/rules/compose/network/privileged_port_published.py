"""A port of the host below 1024 is published.

Only root and processes with `CAP_NET_BIND_SERVICE` may bind these ports, so clients take a
server there for one that the administrator of the host has set up. The daemon binds them for
any container, which then answers in the name of the host. Well-known services
(SSH, DNS, LDAP) use these ports, and one that a container takes is gone for the host.

The rule is in the strict set, because a public web server needs ports 80 and 443. The address does not
matter: `127.0.0.1:80:80` takes the port, too. If the engine chooses the port, it chooses a higher one.

## How to fix

Publish a port from 1024 on: `8080:80`. Accept the finding for the one reverse proxy that
serves the ports 80 and 443 of the host.
"""

from tightship.rules import Bad, Finding, Findings, Good, MappingValue, Port, by_default, rule

_FIRST_FREE = 1024


@rule(
    on=Port,
    severity="info",
    strict=True,
    references=("Compose Specification, services, ports", "ip(7)"),
    advice="publish a port from 1024 on, such as `8080:80`",
    examples=(
        Bad("""
            services:
              web:
                image: nginx:1.29
                ports:
                  - «"80:8080"»
                  - «127.0.0.1:443:8443»
                  - «{target: 8080, published: "81"}»
        """),
        Bad("""
            services:
              web:
                image: nginx:1.29
                ports: [«"${PORT:-80}:8080"»]
        """).because("Without a value of `PORT`, its default counts."),
        Good("""
            services:
              web:
                image: nginx:1.29
                ports: ["8080:80", "80", "0:80"]
        """).because("The engine chooses a port above 1023 for the second and the third entry."),
        Good("""
            services:
              web:
                image: nginx:1.29
                ports: ["${PORT}:80", "1000-1100:80"]
        """).because("Only a run decides these ports."),
        Good("""
            services:
              web:
                image: nginx:1.29
                network_mode: host
                ports: ["80:80"]
        """).because("The engine publishes nothing in the network of the host."),
    ),
)
def privileged_port_published(port: Port) -> Findings:
    """Point at a port that surely takes one of the host below 1024."""
    parsed, mode = port.parsed, port.container.text("network_mode")
    is_pool = parsed.first != parsed.last and "-" not in parsed.target
    if is_pool or not 0 < (parsed.first or 0) < _FIRST_FREE or (mode.is_set and not mode.decided):
        return
    value = port.published.value
    part = value.get("published") if isinstance(value, MappingValue) else value
    yield Finding(
        port.span,
        f"{port.container.title} publishes the privileged port {parsed.first}"
        f" of the host{by_default(part.provenance if part else ())}",
    )
