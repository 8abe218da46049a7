"""Grafana Loki.

It runs as uid 10001 and writes `/loki`. Loki has no login: `auth_enabled` only requires
the name of a tenant, which anyone can send.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
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

_DOCKERFILE = derived("grafana/loki@65e30f8488e8, cmd/loki/Dockerfile")
_LOGIN = documented("grafana.com/docs/loki/latest/operations/authentication")

FAMILY = Family(
    names=("grafana/loki",),
    summary="Loki, a log database",
    holds_for="version 2 and 3",
    programs=("loki",),
    user=(User("10001", _DOCKERFILE),),
    accounts=(Account("loki", 10001, 10001, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(3100, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/loki", "the logs and their index", _DOCKERFILE, kind="data"),
        Write(
            "/tmp",
            "temporary files, and the logs if a configuration for other systems is used",
            _DOCKERFILE,
            kind="data",
        ),
    ),
    capabilities=(
        Capability("DAC_OVERRIDE", "its data may belong to uid 10001", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/loki` has to belong to that user"),),
    heap=(),
    open_ports=(OpenPort(3100, "every log, to read and write", _LOGIN),),
    grants=(),
)
