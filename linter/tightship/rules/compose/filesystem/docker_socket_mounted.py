"""The container has access to the socket of the Docker daemon.

Anyone who can connect to the Docker socket can make the daemon start a privileged
container with the host's disk in it, and so become root on the host. Mounting it
read-only does not help: it protects the file, but connecting to a socket does not write
to the file.

The rule finds the socket by every route: a directory above the socket, such as
`/run`, a path that climbs out of the project with `..`, a volume whose `driver_opts`
make it a bind mount, `volumes_from`, a secret or config whose `file` is the socket, a
pipe of Windows. For the sockets of other programs that control the host, such as Podman
or systemd, there is `host-control-socket-mounted`. `use_api_socket` mounts the socket, too, and
gives the container the registry credentials of the user who runs Compose.

A proxy that lets only some requests through is the usual solution. It still holds the
socket, so it is reported as a warning: only its filter, and the network that limits
who can reach it, protect the host. If the files show that clients can only read, and
only from `internal` networks, it is an info. With `POST: 1` and `CONTAINERS: 1`, `SERVICES: 1` or
`PLUGINS: 1`, the proxies of Tecnativa and LinuxServer let every client become
root on the host, so the finding stays an error.

## How to fix

Remove the mount, or put a socket proxy in front that allows only the requests the
service makes. Allow no request that writes, and connect the two with their own `internal`
network that publishes no port. If the service has to start containers,
give it its own daemon: rootless Docker on the same host, or a separate machine.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Severity, Verified, asked_for, by_default, documented_grant, has_hole, is_docker, is_socket_proxy, only_reads, opened_by, rule, socket_at, unknown_socket  # fmt: skip


@rule(
    on=Mount,
    severity="error",
    severity_note="warning for the image of a socket proxy that filters, info if it lets other containers only read, and warning if only the path"
    " in the container is known",
    cwe=(250,),
    references=(
        "Docker documentation, Docker daemon attack surface",
        "Compose Specification, services, use_api_socket",
        "docker/compose, pkg/compose/apiSocket.go",
    ),
    aliases=("CL-0001", "kics:d6355c88", "semgrep:exposing-docker-socket-volume"),
    checked=Verified("""
      - $ docker run --rm -v /var/run/docker.sock:/var/run/docker.sock:ro docker:cli docker version -f '{{.Server.Os}}'
      - linux
      + $ docker run --rm docker:cli docker version -f '{{.Server.Os}}'
      + Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?
    """),
    examples=(
        Bad("""
            services:
              dashboard:
                image: portainer/portainer-ce:2.33.3
                volumes:
                  - «/var/run/docker.sock:/var/run/docker.sock:ro»
                  - data:/data
            volumes:
              data: {}
        """).because("A read-only mount makes no difference."),
        Bad("""
            services:
              agent:
                image: agent
                volumes:
                  - type: bind
                    source: «${SOCKET:-/run/docker.sock}»
                    target: /sock
                  - «../../../../../run:/host/run»
        """).because("The default applies, and the socket is in `/run`."),
        Bad("""
            services:
              agent:
                image: agent
                volumes: [engine:/engine]
              helper:
                image: agent
                volumes_from: [«agent»]
            volumes:
              engine:
                driver_opts: {type: none, o: bind, device: «/run/docker.sock»}
        """).because("A volume can be a bind mount, and `volumes_from` passes it on."),
        Bad("""
            services:
              ci:
                image: docker:28-cli
                use_api_socket: «true»
        """),
        Bad("""
            services:
              socket-proxy:
                image: tecnativa/docker-socket-proxy:0.3.0
                environment: {CONTAINERS: 1}
                volumes: [«/var/run/docker.sock:/var/run/docker.sock»]
                networks: [socket]
              traefik:
                image: traefik:v3.5
                networks: [socket, default]
            networks:
              socket: {internal: true}
        """).at("info", "Only the proxy has the socket, and it lets others only read."),
        Bad("""
            services:
              socket-proxy:
                image: tecnativa/docker-socket-proxy:0.3.0
                environment: {CONTAINERS: 1}
                volumes: [«/var/run/docker.sock:/var/run/docker.sock»]
        """).at("warning", "Every container of the project reaches the proxy."),
        Good("""
            services:
              web:
                image: nginx
                volumes:
                  - ./docker.sock.md:/docs/docker.sock.md
                  - /var/run/docker.sock:/var/run/docker.sock
                  - /dev/null:/var/run/docker.sock
        """).because("If two entries have the same target, the last one applies."),
        Bad("""
            services:
              agent:
                image: agent
                volumes: [«"${SOCKET}:/var/run/docker.sock"»]
        """).at("warning", "The mounted path is known only at run time."),
    ),
)
def docker_socket_mounted(mount: Mount) -> Findings:
    """Point at the path that gives the socket away."""
    if mount.host is not HostPath.CONTROL_SOCKET:
        what = socket_at(mount.target)
        if what is not None and is_docker(what) and has_hole(mount.source.partition("/")[0]):
            yield unknown_socket(mount, what)
        return
    if not is_docker(mount.listener):
        return
    name, proxy = mount.container.name, is_socket_proxy(mount.container)
    opened = opened_by(mount.container) if proxy else ()
    reads = proxy and only_reads(mount.container)
    way = "use_api_socket" if mount.route == "use_api_socket" else mount.source
    who = f"socket proxy `{name}`" if proxy else mount.container.title
    asked = None if reads else documented_grant(mount.container, "volumes", mount.source or "")
    more = ""
    if opened:
        listed = " and ".join(f"`{variable}`" for variable in opened[:2])
        more = f": {listed} let every client take over the host"
    elif reads:
        more = ", and lets other containers only read"
    elif proxy:
        more = ": only its filter protects the host"
    elif mount.read_only and mount.volume is not None:
        more = "; `:ro` does not help: the socket still takes every command"
    advice = ""
    if mount.route == "use_api_socket":
        advice = "remove `use_api_socket`, or use a proxy that lets through what is needed"
    elif reads:
        advice = "nothing is left to do: this is how the documentation of the proxy has it"
    severity = Severity.WARNING if proxy and not opened else None
    yield Finding(
        mount.span,
        f"{who} can command {mount.listener} through `{way}`{more}"
        + by_default(mount.provenance)
        + asked_for(asked, mount.container),
        severity=Severity.INFO if reads else severity,
        because=mount.because,
        advice=advice,
    )
