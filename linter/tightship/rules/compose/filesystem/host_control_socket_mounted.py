"""The container has access to a socket of a program that controls the host.

Podman, containerd, CRI-O and BuildKit start containers with any rights, LXD, Incus and
libvirt start machines, and systemd and D-Bus start services and change the system's
settings. Anyone who can connect to the socket of one of them, and whom that program does
not reject, can become root on the host. Mounting it read-only does not help: it protects
the file, but connecting to a socket does not write to the file.

The rule finds the socket by every route, as `docker-socket-mounted` does for that of the
Docker daemon.

## How to fix

Remove the mount. If the service only reads a state, give it a file or an API that has
nothing else: node metrics without D-Bus, for example, need no socket. If it has to start
containers, give it its own rootless engine.
"""

from tightship.rules import Bad, Finding, Findings, Good, HostPath, Mount, Unverified, asked_for, by_default, documented_grant, has_hole, is_docker, rule, socket_at, unknown_socket  # fmt: skip


@rule(
    on=Mount,
    severity="error",
    severity_note="warning if only the path in the container is known",
    cwe=(250,),
    advice="remove the mount, or give the service an API that only answers what it asks for",
    references=("podman(1), podman-system-service", "systemd, org.freedesktop.systemd1(5)"),
    aliases=("CL-0001", "kics:d6355c88", "docker-socket-mounted"),
    checked=Unverified("the engine of the tests has none of these programs"),
    examples=(
        Bad("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes:
                  - «/run/dbus/system_bus_socket:/var/run/dbus/system_bus_socket:ro»
        """).because("Through D-Bus, root starts any program with systemd."),
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
                driver_opts: {type: none, o: bind, device: «/run/podman»}
        """).because("A volume can be a bind mount, and `volumes_from` passes it on."),
        Bad("""
            services:
              agent:
                image: agent
                volumes: [«"${SOCKET}:/run/podman/podman.sock"»]
        """).at("warning", "The mounted path is known only at run time."),
        Good("""
            services:
              metrics:
                image: prom/node-exporter:v1.9.1
                volumes: [/dev/null:/run/dbus/system_bus_socket]
        """).because("Nothing listens there."),
    ),
)
def host_control_socket_mounted(mount: Mount) -> Findings:
    """Point at the path that gives the socket away."""
    title = mount.container.title
    if mount.host is not HostPath.CONTROL_SOCKET:
        what = socket_at(mount.target)
        if what is not None and not is_docker(what) and has_hole(mount.source.partition("/")[0]):
            yield unknown_socket(mount, what)
        return
    if is_docker(mount.listener):
        return
    is_read_only = mount.read_only and mount.volume is not None
    more = "; `:ro` does not help: the socket still takes every command" if is_read_only else ""
    asked = documented_grant(mount.container, "volumes", mount.source or "")
    yield Finding(
        mount.span,
        f"{title} can command {mount.listener} through `{mount.source}`{more}"
        + by_default(mount.provenance)
        + asked_for(asked, mount.container),
        because=mount.because,
    )
