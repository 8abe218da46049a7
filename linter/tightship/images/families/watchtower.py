"""Watchtower.

A single program without a shell. It runs as root, the owner of the Docker socket, and
writes nothing. Anyone who controls an image that it updates controls that service. The project
of containrrr is archived.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, mounted
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    ReadOnly,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("containrrr/watchtower@ca0e86e824ec, dockerfiles/Dockerfile")
_PAGE = documented("containrrr/watchtower@ca0e86e824ec, docs/arguments.md")

FAMILY = Family(
    names=("containrrr/watchtower", "ghcr.io/containrrr/watchtower", "nickfedor/watchtower"),
    summary="Watchtower, which updates containers",
    holds_for="version 1",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(),
    volumes=(),
    writes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "the credentials in `/config.json` may belong to another user",
            _PAGE,
            AS_ROOT,
            mounted("/config.json"),
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "pulling images and recreating containers",
            _PAGE,
            instead="`WATCHTOWER_MONITOR_ONLY=true` behind a socket proxy that"
            " allows only CONTAINERS and IMAGES, and manual updates",
        ),
    ),
)
