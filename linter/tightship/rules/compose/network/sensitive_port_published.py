"""Other hosts can reach a database, a console or a debugger.

A port that is published without an address listens on every interface of the host,
and Docker writes its own firewall rules, which take effect before those of `ufw` and
similar tools. So the port is open to every network of the host, even the internet.
Many services on such ports ask for no password by default, or their password is in this
file. Debuggers run code for anyone who connects.

The rule recognises the server by the image, its Dockerfile and the command, and the
interface by the port inside the container. The port of the host makes no difference,
because scanners try all of them. If the entry has no address, the network's option
`com.docker.network.bridge.host_binding_ipv4` counts.

## How to fix

Containers on the same network reach one another without published ports: remove the entry.
For a client on the host itself, publish the port on `127.0.0.1`. For a client elsewhere, use a VPN or
an SSH tunnel to that port.
"""

from tightship.rules import CASSANDRA_JMX, Bad, Container, Finding, Findings, Good, Port, Verified, by_default, rule  # fmt: skip


@rule(
    on=Port,
    when=("listener",),
    severity="warning",
    fix="tightens",
    cwe=(668,),
    references=(
        "Compose Specification, services, ports",
        "Docker documentation, packet filtering and firewalls",
    ),
    absorbs_here=("port-on-all-interfaces",),
    checked=Verified("""
      - $ docker run -d --name seen -p 5432:5432 busybox sleep 60
      + $ docker run -d --name seen -p 127.0.0.1:5432:5432 busybox sleep 60
        …
        $ docker port seen; docker rm -f seen
      - 5432/tcp -> 0.0.0.0:5432
      - 5432/tcp -> [::]:5432
      + 5432/tcp -> 127.0.0.1:5432
        seen
    """),
    examples=(
        Bad("""
            services:
              db:
                image: postgres:17
                ports:
          -       - «"5432:5432"»
          +       - "127.0.0.1:5432:5432"
        """),
        Bad("""
            services:
              cache:
                image: redis:8
          -     ports: [«0.0.0.0:16379:6379», «"[::]::6379/tcp"»]
          +     ports: [127.0.0.1:16379:6379, "127.0.0.1::6379/tcp"]
        """).because("The port on the host and the spelling of the address do not matter."),
        Bad("""
            services:
              app:
                image: example/app:2.4
                command: node --inspect=0.0.0.0 server.js
                ports:
                  - «target: 9229
                    published: "9229"»
          +         host_ip: 127.0.0.1
        """),
        Bad("""
            services:
              db:
                image: postgres:17
                ports: [«"${BIND:-0.0.0.0}:5432:5432"»]
        """),
        Bad("""
            services:
              db:
                image: postgres:17
          -     ports: [«"${PORT}:5432"»]
          +     ports: ["127.0.0.1:${PORT}:5432"]
        """),
        Good("""
            services:
              db:
                image: postgres:17
                ports: ["127.0.0.1:5432:5432", "[::1]:5432:5432"]
        """),
        Good("""
            services:
              db:
                image: postgres:17
                expose: ["5432"]
        """).because("This only documents the port; nothing is published."),
        Good("""
            services:
              db:
                image: postgres:17
                ports: ["5432:5432"]
            networks:
              default:
                driver_opts:
                  com.docker.network.bridge.host_binding_ipv4: 127.0.0.1
        """).because("The network binds entries without an address to the loopback interface."),
        Good("""
            services:
              db:
                image: postgres:17
                ports: ["${BIND}:5432:5432"]
        """),
        Good("""
            services:
              db:
                image: cassandra:5.0
                ports: ["7199:7199"]
        """).because("JMX listens on the container's loopback interface, without `LOCAL_JMX=no`."),
        Good("""
            services:
              dashboard:
                image: example/flame:2.3
                ports: ["5005:5005"]
        """).because("A debugger of Java has this number, but this is not Java."),
    ),
)
def sensitive_port_published(port: Port) -> Findings:
    """Point at a port that is published and that strangers should not reach."""
    listener = port.listener
    if listener is None or not port.surely_reachable:
        return
    number, what = listener
    if number == CASSANDRA_JMX and not _has_remote_jmx(port.container):
        return
    yield Finding(
        port.span,
        f"{port.container.title} publishes port {number} ({what})"
        f" on {port.where_and_number}{by_default(port.published.address_provenance)}",
        fix=port.bound_to_loopback(),
    )


def _has_remote_jmx(container: Container) -> bool:
    """Return whether Cassandra's JMX surely listens on more than the loopback interface.

    It does with ``LOCAL_JMX=no`` (Cassandra 5.0, conf/cassandra-env.sh).
    """
    local = container.environment.get("LOCAL_JMX")
    return local is not None and local.value.is_surely("no")
