"""Linkwarden.

It starts and works as root, migrates its database at each start and saves pages with a
browser. Everybody can sign up unless `NEXT_PUBLIC_DISABLE_REGISTRATION` is `true`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import Capability, NewPrivileges, Port, User, Write, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("linkwarden/linkwarden@7550ebb8907e, Dockerfile")
_COMPOSE = documented("linkwarden/linkwarden@7550ebb8907e, docker-compose.yml")

FAMILY = Family(
    names=("ghcr.io/linkwarden/linkwarden",),
    summary="Linkwarden, a bookmark manager",
    holds_for="version 2",
    programs=("sh", "yarn", "node"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(3000, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(Write("/data/data", "the pages that are kept", _COMPOSE, kind="data"),),
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
    grants=(),
)
