"""Temporal.

It runs as `temporal` (uid 1000) and makes its configuration from a template at each start,
next to that template. The frontend trusts anyone who reaches it, unless certificates or an
authorizer are set up. `auto-setup` also makes the tables; it is meant for development.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("temporalio/docker-builds@d0ab85e18601, server.Dockerfile")
_ENTRYPOINT = derived("temporalio/docker-builds@d0ab85e18601, docker/entrypoint.sh")

FAMILY = Family(
    names=("temporalio/auto-setup", "temporalio/server"),
    summary="Temporal, a workflow engine",
    holds_for="version 1.10 to 1.29",
    programs=("autosetup", "entrypoint.sh", "temporal-server"),
    user=(User("temporal", _DOCKERFILE),),
    accounts=(Account("temporal", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(7233, "gRPC", _DOCKERFILE),
        Port(7234, "gRPC", _DOCKERFILE),
        Port(7235, "gRPC", _DOCKERFILE),
        Port(7239, "gRPC", _DOCKERFILE),
    ),
    volumes=(),
    writes=(
        Write(
            "/etc/temporal/config", "the configuration, made from the template there", _ENTRYPOINT
        ),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE", "the configuration folder belongs to `temporal`", _DOCKERFILE, AS_ROOT
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="it writes `/etc/temporal/config/docker.yaml` next to the template",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    open_ports=(
        OpenPort(
            7233,
            "every workflow, to read, start and end",
            _ENTRYPOINT,
            closed_by=("TEMPORAL_TLS_REQUIRE_CLIENT_AUTH=true", "TEMPORAL_AUTH_AUTHORIZER"),
        ),
    ),
    grants=(),
)
