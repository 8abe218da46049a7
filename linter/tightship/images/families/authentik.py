"""authentik.

The first word of the command decides whether the image runs the server or the worker.
It runs as uid 1000. With `user: root`, which the project's Compose file gives the
worker, the start script joins the group of the Docker socket, gives media and
certificates to uid 1000 and continues as that uid.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, program
from tightship.images.facts import (
    Account,
    Capability,
    Grant,
    NewPrivileges,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("goauthentik/authentik@0039b65d9e1f, lifecycle/container/Dockerfile")
_PAGE = documented("docs.goauthentik.io/install-config/install/docker-compose")
_SOCKET = documented("docs.goauthentik.io/add-secure-apps/outposts/integrations/docker")

FAMILY = Family(
    names=("ghcr.io/goauthentik/server", "goauthentik/server"),
    summary="authentik, a login server",
    holds_for="2023.1 and later",
    programs=("server", "worker"),
    user=(User("1000", _DOCKERFILE),),
    accounts=(Account("authentik", 1000, 1000, _DOCKERFILE),),
    steps_down=(StepDown("the start script", _PAGE, AS_ROOT),),
    ports=(
        Port(9000, "HTTP", _PAGE, program("server")),
        Port(9443, "HTTPS", _PAGE, program("server")),
    ),
    volumes=(),
    writes=(
        Write("/data", "uploads, since 2025.12", _DOCKERFILE, kind="data"),
        Write("/certs", "certificates", _DOCKERFILE, kind="data"),
    ),
    capabilities=(
        Capability(
            "CHOWN", "the start script gives media and certificates to uid 1000", _PAGE, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE",
            "the start script scans folders of uid 1000",
            _PAGE,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER", "the start script changes the mode of folders of uid 1000", _PAGE, AS_ROOT
        ),
        Capability("SETGID", "the start script switches the group", _PAGE, AS_ROOT),
        Capability("SETUID", "the start script switches the user", _PAGE, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _PAGE,
            AS_ROOT,
            why="the start script adds the group of the Docker socket to `/etc/group`",
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "outposts that the worker starts itself",
            _SOCKET,
            program("worker"),
            instead="a socket proxy, or outposts that the project starts itself: then neither the socket nor `user: root` is needed",
        ),
    ),
)
