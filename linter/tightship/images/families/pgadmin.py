"""pgAdmin.

It runs as uid 5050. Its Python has a file capability for port 80: without
`NET_BIND_SERVICE`, new versions listen on 8080 instead, and old ones do not start. The
entrypoint starts postfix with sudo, unless `PGADMIN_DISABLE_POSTFIX` is set.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, variable
from tightship.images.facts import (
    Account,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("pgadmin-org/pgadmin4@bc58657d3d3a, Dockerfile")
_ENTRYPOINT = derived("pgadmin-org/pgadmin4@bc58657d3d3a, pkg/docker/entrypoint.sh")
_PAGE = documented("pgadmin-org/pgadmin4@bc58657d3d3a, docs/en_US/container_deployment.rst")

FAMILY = Family(
    names=("dpage/pgadmin4",),
    summary="pgAdmin, a web interface for PostgreSQL",
    holds_for="version 7 and later",
    programs=("entrypoint.sh",),
    user=(User("5050", _DOCKERFILE),),
    accounts=(Account("pgadmin", 5050, 0, _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT, variable("PUID")),),
    ports=(Port(80, "HTTP", _PAGE), Port(443, "HTTPS", _PAGE)),
    volumes=(Volume("/var/lib/pgadmin", _DOCKERFILE),),
    read_only=(
        ReadOnly(
            False,
            _PAGE,
            why="it writes `/pgadmin4/config_distro.py` on the first start; `PGADMIN_CUSTOM_CONFIG_DISTRO_FILE` moves it",
        ),
    ),
    new_privileges=(
        NewPrivileges(
            True,
            _ENTRYPOINT,
            # Without postfix it serves its pages, and sends no mail.
            CONFIGURED,
            why="the entrypoint starts postfix with sudo, and Python has a file"
            " capability for port 80",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            80,
            "every server that is set up in it",
            _PAGE,
            variable("PGADMIN_CONFIG_SERVER_MODE", "False", "false"),
        ),
    ),
    grants=(),
)
