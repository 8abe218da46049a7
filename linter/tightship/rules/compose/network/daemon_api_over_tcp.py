"""The Docker daemon accepts commands over the network without authentication.

The daemon's API has no users and no passwords. The owner and
mode of a socket file decide who can use it; over TCP without TLS, nothing limits access.
Anyone who reaches the port can start a privileged container with the host's disk in it,
and so become root on the host. Scanners look for port 2375 all day.

The same is true for a daemon in a container (`docker:dind`): it runs privileged, so
its API also gives control of the host. A service with `DOCKER_HOST=tcp://…` proves that
such a port is open on a network that it shares with other containers.

## How to fix

Do not publish the port. Let the daemon verify its clients (`--tlsverify`, and for
`docker:dind` keep `DOCKER_TLS_CERTDIR`), or use `ssh://` in `DOCKER_HOST`. For a
service that only needs a few requests, put a socket proxy on its own network.
"""

from posixpath import basename

from tightship.rules import DOCKER_PORT, Bad, CommandFlag, Container, Finding, Findings, Good, Related, Verified, by_default, commands_in, regex, rule, sensitive_ports  # fmt: skip

_TLS = ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS")
_TCP = regex(r"tcp://(?P<host>\[[^\]]*\]|[^:/]*)(?::(?P<port>[0-9]+))?")
_PROGRAMS = ("docker", "dockerd")
_LOOPBACK = regex(r"localhost|127\.[0-9.]+|\[::1\]")


@rule(
    on=Container,
    keys=("environment", "env_file", "entrypoint", "command", "build", "ports"),
    when=("flags", "ports", "environment:DOCKER_HOST", "environment:DOCKER_TLS_CERTDIR"),
    severity="error",
    cwe=(319,),
    references=(
        "Docker documentation, protect the Docker daemon socket",
        "Docker documentation, Docker daemon attack surface",
    ),
    advice="do not publish the port; use `--tlsverify`, or `ssh://` in `DOCKER_HOST`",
    absorbs_here=("sensitive-port-published", "unauthenticated-service", "port-on-all-interfaces"),
    checked=Verified(
        """
      - $ docker run --rm --add-host host:host-gateway -e DOCKER_HOST=tcp://host:2375 docker:cli docker version -f '{{.Server.Os}}'
      - linux
      + $ docker run --rm --add-host host:host-gateway -e DOCKER_HOST=tcp://host:2376 docker:cli docker version -f '{{.Server.Os}}'
      + Cannot connect to the Docker daemon at tcp://host:2376. Is the docker daemon running?
        """,
        note="The engine was started with `-H tcp://0.0.0.0:2375 --tls=false` in this case.",
    ),
    examples=(
        Bad("""
            services:
              docker:
                image: docker:28-dind
                privileged: true
                environment:
                  DOCKER_TLS_CERTDIR: ""
                ports:
                  - «"2375:2375"»
        """),
        Bad("""
            services:
              docker:
                image: docker:28-dind
                command: ["dockerd", «"--host=tcp://0.0.0.0:2375"», "--tls=false"]
              runner:
                image: gitlab/gitlab-runner:v18.4.0
                environment:
                  - DOCKER_HOST=«tcp://docker:2375»
        """),
        Good("""
            services:
              runner:
                image: gitlab/gitlab-runner:v18.4.0
                environment:
                  DOCKER_HOST: tcp://docker:2376
                  DOCKER_TLS_VERIFY: "1"
        """),
        Good("""
            services:
              proxy:
                image: traefik:3.5
                environment:
                  DOCKER_HOST: tcp://socket-proxy:2375
              socket-proxy:
                image: tecnativa/docker-socket-proxy:0.3.0
        """).because("A socket proxy lets through only the requests that it allows."),
        Good("""
            services:
              portainer:
                image: portainer/portainer-ce:2.20.3
                command: -H tcp://tasks.agent:9001 --tlsskipverify
              scheduler:
                image: daskdev/dask:2025.9.1
                command: dask-scheduler --host tcp://0.0.0.0:8786
        """).because("Portainer's agent speaks TLS, and Dask is not Docker."),
        Good("""
            services:
              docker:
                image: docker:28-dind
                command: ["dockerd", "--host=tcp://127.0.0.1:2375"]
                ports: ["127.0.0.1:2375:2375"]
              agent:
                image: example/agent:2.4
                environment:
                  DOCKER_HOST: ${DOCKER_HOST}
        """),
    ),
)
def daemon_api_over_tcp(container: Container) -> Findings:
    """Point at what opens the API, and at who uses it."""
    if not any(_verifies(flag) for flag in container.flags):
        served = list(_served(container))
        yield from _published(container, served) or served
    yield from _used(container)


def _served(container: Container) -> Findings:
    certificates = container.environment.get("DOCKER_TLS_CERTDIR")
    image = container.image
    in_container = image and image.name == "docker" and "dind" in (image.tag or "")
    if in_container and certificates and certificates.value.is_surely(""):
        yield Finding(
            certificates.value.span,
            f"the Docker daemon in {container.title} accepts commands"
            " without TLS from the other"
            f" containers{by_default(certificates.value.provenance)}",
        )
    for flag in container.flags:
        address = _address(flag.value) if flag.name in ("-H", "--host") else None
        if address and _is_of_docker(address[1], container):
            yield Finding(
                flag.span,
                f"{container.title} speaks the Docker daemon's API over TCP"
                f" without TLS{by_default(flag.provenance)}",
            )


def _is_of_docker(port: str, container: Container) -> bool:
    """Return whether the Docker API is spoken there: other programs take `-H` as well."""
    if port == str(DOCKER_PORT):
        return True
    if container.image is not None and "docker" in container.image.name:
        return True
    lines = (
        line for key in ("entrypoint", "command") for line in commands_in(container.value(key))
    )
    return any(basename(word.text) in _PROGRAMS for line in lines for word in line)


def _published(container: Container, served: list[Finding]) -> list[Finding]:
    """Return the ports through which the API is published, and what serves it there."""
    ports = [
        port
        for port in container.ports
        if port.surely_reachable and port.listener == (DOCKER_PORT, sensitive_ports()[DOCKER_PORT])
    ]
    if not ports or _is_proxy(container):
        return []
    return [
        Finding(
            port.span,
            f"{container.title} publishes the Docker daemon's API, without"
            f" TLS, on {port.where}{by_default(port.published.address_provenance)}",
            because=tuple(Related(one.span, "it is served here") for one in served),
        )
        for port in ports
    ]


def _is_proxy(container: Container) -> bool:
    from tightship.rules import is_socket_proxy

    return is_socket_proxy(container)


def _used(container: Container) -> Findings:
    host = container.environment.get("DOCKER_HOST")
    address = _address(host.value.value) if host else None
    if not host or not address or not container.environment.keys().isdisjoint(_TLS):
        return
    name, port = address
    service = container.project.services.get(name)
    proxied = service is not None and _is_proxy(type(container)(service))
    if proxied or "proxy" in name or port == "2376":
        return
    yield Finding(
        host.value.span.part(host.value.value or ""),
        f"{container.title} commands a Docker daemon over TCP without TLS"
        + by_default(host.value.provenance),
    )


def _address(value: str | None) -> tuple[str, str] | None:
    """Return the host and the port of a TCP address that others can reach."""
    found = _TCP.match(value or "")
    if found is None or _LOOPBACK.fullmatch(found["host"]):
        return None
    return found["host"], found["port"]


def _verifies(flag: CommandFlag) -> bool:
    return flag.name in ("--tls", "--tlsverify") and flag.value not in ("false", "0")
