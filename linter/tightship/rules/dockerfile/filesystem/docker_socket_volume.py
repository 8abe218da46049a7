"""The image declares the socket of a container engine as a volume.

Such an image expects the socket of the host's engine. Anyone who can connect to it
can start a privileged container and control the host. `VOLUME` itself mounts no file
of the host: without a mount, the engine creates an empty directory at this path. But
it tells users to mount the socket, and every image built from this one inherits it.

The rule also reports a directory whose purpose is to hold such a socket, such as
`/run/podman`.

## How to fix

Remove the entry. A program that needs to see containers works with a proxy that
allows only the needed requests, over TCP or a separate socket; builds with rootless
BuildKit or Buildah need no daemon.
"""

from tightship.rules import Bad, Finding, Findings, Good, Volume, passed, rule, with_defaults

# They contain much else, and an image may run its own systemd or D-Bus.
_SHARED = frozenset(("/run", "/run/systemd", "/run/dbus", "/run/user"))


@rule(
    on=Volume,
    severity="warning",
    references=(
        "Dockerfile reference, VOLUME",
        "Docker documentation, Docker daemon attack surface",
    ),
    aliases=("semgrep:dockerfile-dockerd-socket-mount",),
    advice="remove the entry, or use a proxy that allows only the needed requests",
    examples=(
        Bad("""
            FROM debian:13
            VOLUME /data «/var/run/docker.sock»
            VOLUME ["/cache", «"/run/podman/podman.sock"»]
        """),
        Bad("""
            FROM debian:13
            ARG SOCKET=/run/containerd/containerd.sock
            VOLUME «${SOCKET}»
        """),
        Good("""
            FROM debian:13
            VOLUME /var/lib/docker /run /var/log
        """).because("This is the data of an engine that runs in the container itself."),
        Good("""
            FROM debian:13
            ARG SOCKET
            VOLUME $SOCKET
        """),
    ),
)
def docker_socket_volume(volume: Volume) -> Findings:
    """Point at the path."""
    # Few files have a volume, and need this module.
    from tightship.rules import control_sockets, normalise, socket_behind

    for argument in volume.arguments:
        text = argument.text
        if not argument.decided or not text.startswith("/"):
            continue
        path = normalise(text)
        what = socket_behind(path)
        if what is None or path in _SHARED:
            continue
        is_socket = path in control_sockets() or path.endswith((".sock", ".socket"))
        thing = "the socket" if is_socket else "the directory of the socket"
        yield Finding(
            argument.span,
            f"`{text}`, {thing} of {what}, is declared as a volume{with_defaults(argument)}",
            because=passed(argument),
        )
