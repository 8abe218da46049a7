"""The container runs in the host's network.

With `network_mode: host` there is no network between the service and the host. The
service can connect to programs that listen on the host's loopback interface, often
without a password because only the host can reach them, and to the abstract sockets of
its daemons. Every port that the service opens is open on the host, on the interfaces
that the service chooses, and Docker ignores `ports`. With `NET_ADMIN`, the service
controls the host's firewall.

`network_mode: service:NAME` of a service that is in the host's network is the same.
An external network with the name `host` does not work: Docker does not start such a
service ([invalid-namespace](invalid-namespace.md)).

## How to fix

Remove `network_mode` and publish the ports that must be reachable, with an address:
`127.0.0.1:8080:80`. Services of one project find each other by name. To reach a
daemon of the host, map `host.docker.internal` to `host-gateway` under `extra_hosts`.
"""

from tightship.rules import Bad, Container, Finding, Findings, Fix, Good, Verified, asked_for, by_default, documented_grant, rule  # fmt: skip


@rule(
    on=Container,
    keys=("network_mode",),
    severity="warning",
    fix="tightens",
    cwe=(653,),
    references=(
        "Compose Specification, services, network_mode",
        "Docker documentation, Host network driver",
    ),
    aliases=("CL-0008", "kics:071a71ff"),
    checked=Verified("""
      - $ docker run --rm --network host busybox ls /sys/class/net | grep docker0
      - docker0
      + $ docker run --rm busybox ls /sys/class/net | grep docker0
    """),
    examples=(
        Bad("""
            services:
              proxy:
                image: traefik:3.5
          -     network_mode: «host»
        """),
        Bad("""
            services:
          -   proxy: {image: "traefik:3.5", network_mode: «host»}
          -   sidecar: {image: "sidecar:2", network_mode: «"service:proxy"»}
          +   proxy: {image: "traefik:3.5"}
          +   sidecar: {image: "sidecar:2"}
        """),
        Good("""
            services:
              proxy:
                image: traefik:3.5
                ports: ["127.0.0.1:8080:80"]
              sidecar:
                image: sidecar:2
                network_mode: service:proxy
        """),
        Good("""
            services:
              proxy:
                image: traefik:3.5
                networks: [host]
            networks:
              host: {external: true}
        """).because("Compose gives it an alias there, which Docker rejects."),
    ),
)
def host_network_namespace(container: Container) -> Findings:
    """Point at the service's own `network_mode`."""
    namespace = container.namespace("network")
    if not namespace.is_host:
        return
    asked = documented_grant(container, "network_mode", "host")
    yield Finding(
        namespace.span,
        f"{container.title} runs in the host's"
        f" network{by_default(namespace.setting.provenance)}" + asked_for(asked, container),
        fix=None
        if asked
        else Fix.tightens(
            "Give the service its own network",
            container.editor.remove("network_mode"),
            may_break="connections to `localhost`, and from outside to ports that"
            " `ports` does not publish",
        ),
        because=namespace.because,
    )
