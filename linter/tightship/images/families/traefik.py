"""Traefik.

It starts and works as root, and writes only what its configuration names: mainly
`acme.json`, which is lost with the container unless it is mounted. That file is often
made on the host, with mode 600 and another owner: then root needs `DAC_OVERRIDE`.
Anyone who reaches the Docker socket controls the host, and the Internet reaches
Traefik: put a socket proxy between the two.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, flag, variable
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("traefik/traefik-library-image@697393828fd8, v3.7/alpine/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, traefik/content.md")
_PLUGINS = documented("Traefik documentation, Plugins: the storage of their sources")
_INSECURE = "the dashboard and the API: every route, service and middleware"

FAMILY = Family(
    names=("traefik",),
    summary="Traefik, a proxy with service discovery",
    holds_for="2.x and 3.x",
    programs=("traefik",),
    user=(User("root", _DOCKERFILE),),
    accounts=(),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/plugins-storage", "the sources of plugins", _PLUGINS, CONFIGURED),
        Write("/tmp", "temporary files", _DOCKERFILE, CONFIGURED),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "certificates on the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            needs="that user has to be able to read the Docker socket, by `group_add`",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(8080, _INSECURE, _PAGE, flag("--api.insecure", "--api.insecure=true")),
        OpenPort(8080, _INSECURE, _PAGE, variable("TRAEFIK_API_INSECURE", "true")),
    ),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "finding the containers and their labels",
            _PAGE,
            instead="a socket proxy that allows reading containers only",
        ),
    ),
)
