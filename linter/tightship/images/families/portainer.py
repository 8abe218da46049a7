"""Portainer.

It starts and works as root, and with the Docker socket its administrators are root on the
host. The first visitor within five minutes of the first start becomes the administrator.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    Port,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("portainer/portainer@cc75167437c0, build/linux/alpine.Dockerfile")
_PAGE = documented("docs.portainer.io/start/install-ce/server/docker/linux")

FAMILY = Family(
    names=("portainer/portainer-ce", "portainer/portainer-ee", "portainer/portainer"),
    summary="Portainer, a web interface for containers",
    holds_for="version 2",
    programs=("portainer",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(9443, "HTTPS", _DOCKERFILE),
        Port(9000, "HTTP", _DOCKERFILE),
        Port(8000, "HTTP", _DOCKERFILE),
    ),
    volumes=(Volume("/data", _DOCKERFILE),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "administration of the Docker host",
            _PAGE,
            instead="publish its port on 127.0.0.1 or a VPN only: its administrators are root on the host",
        ),
    ),
)
