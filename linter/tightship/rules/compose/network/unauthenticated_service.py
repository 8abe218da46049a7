"""A published service asks for no password.

Some programs require no login by default, and some files turn the login off:
dashboards, data stores, browsers and notebooks. If the port is also published, anyone who reaches the host can read and change everything
behind it: routes and certificates, all documents of an index, a browser or a notebook
that runs any code.

The rule knows the default login of the images that `tightship image` lists.

## How to fix

Remove the setting that turns the login off, and set a password or a token. Or publish the
port only on `127.0.0.1` or not at all, behind a proxy that authenticates.
"""

from tightship.rules import Bad, Container, Finding, Findings, Good, Iterable, Iterator, Port, ProvenanceStep, Related, Span, Verified, by_default, rule  # fmt: skip

_ON = ("true", "yes", "on", "1")
_OFF = ("false", "no", "off", "0")

# For each switch: the values that disable authentication, the default port, the program.
# The documentation of the program states every entry.
_FLAGS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "--api.insecure": (_ON, 8080, "the dashboard of Traefik"),
    "--web.enable-admin-api": (_ON, 9090, "the admin API of Prometheus"),
    "--protected-mode": (_OFF, 6379, "Redis"),
    "--noauth": (_ON, 27017, "MongoDB"),
    "--auth": (("none",), 8080, "code-server"),
    "--NotebookApp.token": (("",), 8888, "Jupyter"),
    "--ServerApp.token": (("",), 8888, "Jupyter"),
    "--IdentityProvider.token": (("",), 8888, "Jupyter"),
}
_VARIABLES: dict[str, tuple[tuple[str, ...], int, str]] = {
    "TRAEFIK_API_INSECURE": (_ON, 8080, "the dashboard of Traefik"),
    "xpack.security.enabled": (_OFF, 9200, "Elasticsearch"),
    "plugins.security.disabled": (_ON, 9200, "OpenSearch"),
    "DISABLE_SECURITY_PLUGIN": (_ON, 9200, "OpenSearch"),
    "DISABLE_SECURITY_DASHBOARDS_PLUGIN": (_ON, 5601, "OpenSearch Dashboards"),
    "ALLOW_ANONYMOUS_LOGIN": (_ON, 2181, "ZooKeeper"),
    "ALLOW_NONE_AUTHENTICATION": (_ON, 2379, "etcd"),
    "GF_AUTH_ANONYMOUS_ORG_ROLE": (("admin", "editor"), 3000, "Grafana"),
    "ME_CONFIG_BASICAUTH": (_OFF, 8081, "mongo-express"),
    "PGADMIN_CONFIG_SERVER_MODE": (_OFF, 80, "pgAdmin"),
    "INFLUXDB_HTTP_AUTH_ENABLED": (_OFF, 8086, "InfluxDB"),
    "NEO4J_AUTH": (("none",), 7474, "Neo4j"),
    "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": (_ON, 8080, "Weaviate"),
}
# Flags with these endings set a password despite the switch.
_GUARDS = ("--requirepass", "--aclfile", "password")


@rule(
    on=Container,
    keys=("ports", "network_mode"),
    severity="warning",
    fix="tightens",
    cwe=(306,),
    aliases=("unauthenticated-dashboard",),
    advice="set a password, or publish the port on `127.0.0.1` only, behind a"
    " proxy that authenticates",
    absorbs_here=("sensitive-port-published", "port-on-all-interfaces", "empty-password-allowed"),
    references=(
        "Traefik documentation, API and dashboard",
        "Redis documentation, security",
        "Elasticsearch reference, security settings",
    ),
    checked=Verified(
        """
            $ docker compose --progress quiet up -d; until docker compose logs 2>&1 | grep -q 'ready to receive'; do sleep 1; done
            $ docker run --rm --add-host host:host-gateway busybox wget -qO- http://host:9090/api/v1/status/config
          - {"status":"success","data":{"yaml":…
          + wget: can't connect to remote host (…): Connection refused
            ==> compose.yaml <==
            services:
              metrics:
                image: prom/prometheus:v3.5.0
          -     ports: ["9090:9090"]
          +     ports: ["127.0.0.1:9090:9090"]
        """,
        stand_in=True,
    ),
    examples=(
        Bad("""
            services:
              proxy:
                image: traefik:3.5
                command:
                  - --providers.docker
                  - «--api.insecure=true»
                ports: ["80:80", "8080:8080"]
        """),
        Bad("""
            services:
              cache:
                image: redis:8
                command: redis-server «--protected-mode» no
                network_mode: host
        """).because("In the host's network, the port is open without being published."),
        Bad("""
            services:
              search:
                image: elasticsearch:9.1.4
                environment:
                  - discovery.type=single-node
                  - «xpack.security.enabled=${SECURITY:-false}»
                ports: ["9200:9200"]
        """),
        Bad("""
            services:
              logs:
                image: amir20/dozzle:v8
                volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
          -     ports: [«"8080:8080"»]
          +     ports: ["127.0.0.1:8080:8080"]
        """).because("Dozzle asks for no login unless `DOZZLE_AUTH_PROVIDER` is set."),
        Good("""
            services:
              proxy:
                image: traefik:3.5
                command: --api.insecure=true
                ports: ["80:80", "127.0.0.1:8080:8080"]
              search:
                image: elasticsearch:9.1.4
                environment:
                  xpack.security.enabled: "false"
        """).because("Only the host itself and the other containers can connect."),
        Good("""
            services:
              proxy:
                image: traefik:3.5
                command: --api.insecure=${INSECURE}
                ports: ["8080:8080"]
        """),
    ),
)
def unauthenticated_service(container: Container) -> Findings:
    """Point at a switch, or at a port without login, if other hosts reach it."""
    switched: set[int] = set()
    for number, what, span, provenance in _opened(container):
        place = _reached(container, number)
        if place is not None:
            switched.add(number)
            where, because = place
            yield Finding(
                span,
                f"{what} in {container.title} asks for no password, and port"
                f" {number} is {where}{by_default(provenance)}",
                because=because,
            )
    needs = container.image_needs if container.ports else None
    facts = needs.open_ports if needs is not None else ()
    told = {fact.what for fact in facts if fact.port in switched}
    for fact in facts:
        if fact.port in switched or fact.what in told:
            continue
        ports = [p for p in container.ports if _is_open(p, fact.port)]
        if ports:
            port, *others = ports
            yield Finding(
                port.span,
                f"{container.title} asks for no password on port"
                f" {fact.port}, published on {port.where_and_number}"
                f"{by_default(port.published.address_provenance)}: this gives access to {fact.what}",
                fix=port.bound_to_loopback(),
                because=_published(others),
            )


def _is_open(port: Port, number: int) -> bool:
    return port.parsed.reaches(number) and port.surely_reachable


def _published(ports: Iterable[Port]) -> tuple[Related, ...]:
    return tuple(
        # What others say of a range is about more.
        Related(
            one.span, "it is published here", role="" if "-" in one.parsed.target else "receiver"
        )
        for one in ports
    )


def _reached(container: Container, number: int) -> tuple[str, tuple[Related, ...]] | None:
    """Return how other hosts reach a port, if they surely do."""
    ports = [p for p in container.reachable_ports if _is_open(p, number)]
    if ports:
        return f"published on {ports[0].where_and_number}", _published(ports)
    network = container.namespace("network")
    if network.is_host:
        place = Related(network.span, "it joins the host's network here")
        return "open in the host's network", (place,)
    return None


def _opened(container: Container) -> Iterator[tuple[int, str, Span, tuple[ProvenanceStep, ...]]]:
    guarded = any(flag.name.endswith(_GUARDS) and flag.value != "" for flag in container.flags)
    for flag in () if guarded else container.flags:
        values, number, what = _FLAGS.get(flag.name, ((), 0, ""))
        if ("true" if flag.value is None else flag.value.lower()) in values:
            yield number, what, flag.span, flag.provenance
    variables = container.environment
    for name, pair in variables.items():
        values, number, what = _VARIABLES.get(name, ((), 0, ""))
        if (pair.value.value or "").lower() not in values:
            continue
        if name == "GF_AUTH_ANONYMOUS_ORG_ROLE":
            enabled = variables.get("GF_AUTH_ANONYMOUS_ENABLED")
            if not enabled or (enabled.value.value or "").lower() not in _ON:
                continue
        yield number, what, pair.value.span, pair.value.provenance
    user, password = map(variables.get, ("PMA_USER", "PMA_PASSWORD"))
    if user and user.value.value and password and password.value.value:
        # With both it logs everybody in (phpmyadmin/docker, config.inc.php, auth_type).
        yield 80, "phpMyAdmin", user.value.span, user.value.provenance
