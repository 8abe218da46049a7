"""PostgreSQL as Immich needs it.

It is the official image with extensions: the entrypoint starts as root, gives the data
directory to `postgres` and continues as that account. At each start it copies the
settings for the kind of disk to `/etc/postgresql`, so the root file system cannot be
read-only.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("immich-app/base-images@ff4be93749a9, postgres/Dockerfile")
_SETTINGS = derived("immich-app/base-images@ff4be93749a9, postgres/immich-docker-entrypoint.sh")
_ENTRYPOINT = derived("docker-library/postgres@6edb0a8c4def, 18/trixie/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, postgres/content.md")

FAMILY = Family(
    names=("ghcr.io/immich-app/postgres",),
    summary="PostgreSQL with the vector extensions of Immich",
    holds_for="PostgreSQL 14 and later",
    programs=("postgres",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("postgres", 999, 999, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(5432, "PostgreSQL", _DOCKERFILE),),
    volumes=(Volume("/var/lib/postgresql/data", _DOCKERFILE),),
    writes=(
        Write(
            "/var/run/postgresql",
            "the Unix socket and its lock file",
            _ENTRYPOINT,
            options=("mode=3777",),
        ),
        Write("/etc/postgresql", "the settings for the kind of disk", _SETTINGS),
    ),
    capabilities=(
        Capability(
            "CHOWN", "the entrypoint gives the data directory to `postgres`", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans the data directory, which only `postgres` may read",
            _ENTRYPOINT,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "gosu switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _SETTINGS,
            why="the entrypoint writes `/etc/postgresql/postgresql.conf` at each start",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    memory=(Memory("64m", _PAGE),),
    heap=(),
    open_ports=(
        OpenPort(
            5432,
            "every database, without a password",
            _ENTRYPOINT,
            variable("POSTGRES_HOST_AUTH_METHOD", "trust"),
        ),
    ),
    grants=(),
)
