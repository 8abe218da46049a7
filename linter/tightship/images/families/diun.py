"""Diun.

It runs as root, the owner of the Docker socket, and keeps its history in `/data`. It
only reads the API, so a socket proxy without `POST` is enough.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import Capability, Grant, NewPrivileges, User, Volume, documented
from tightship.images.family import Family

_PAGE = documented("crazymax.dev/diun/install/docker")
_PROVIDER = documented("crazymax.dev/diun/providers/docker")

FAMILY = Family(
    names=("crazymax/diun", "ghcr.io/crazy-max/diun"),
    summary="Diun, which reports new image versions",
    holds_for="version 4",
    programs=("diun", "serve"),
    user=(User("root", _PAGE),),
    steps_down=(),
    ports=(),
    volumes=(Volume("/data", _PAGE),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _PAGE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the list of containers and images",
            _PROVIDER,
            instead="a socket proxy that allows only CONTAINERS and IMAGES, named by `DIUN_PROVIDERS_DOCKER_ENDPOINT`",
        ),
    ),
)
