"""PostgreSQL by Bitnami.

It runs as uid 1001 with group 0 and makes its configuration at each start, from defaults
that lie elsewhere. Bitnami moved these images to `bitnamilegacy`, where nothing is updated.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived(
    "bitnami/containers@0191828691cc, bitnami/postgresql/16/debian-12/Dockerfile"
)
_CHART = documented(
    "bitnami/charts, bitnami/postgresql/templates/primary/statefulset.yaml"
)
_README = documented("bitnami/containers, bitnami/postgresql/README.md")

FAMILY = Family(
    names=("bitnami/postgresql", "bitnamilegacy/postgresql"),
    summary="PostgreSQL, a relational database",
    holds_for="version 11 and later",
    programs=("run.sh",),
    user=(User("1001", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(5432, "PostgreSQL", _DOCKERFILE),),
    volumes=(Volume("/bitnami/postgresql", _DOCKERFILE),),
    writes=(
        Write(
            "/opt/bitnami/postgresql/conf",
            "the configuration, made at the start",
            _CHART,
            options=("mode=1777",),
        ),
        Write(
            "/opt/bitnami/postgresql/tmp",
            "the pid file",
            _CHART,
            options=("mode=1777",),
        ),
        Write("/tmp", "the Unix socket", _CHART),
    ),
    capabilities=(
        Capability(
            "CHOWN", "the start gives its folders to `postgres`", _README, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE",
            "the start works on folders of `postgres`",
            _README,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER",
            "the start changes the mode of folders of `postgres`",
            _README,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "the start switches the group", _README, AS_ROOT),
        Capability("SETUID", "the start switches the user", _README, AS_ROOT),
        Capability("SYS_CHROOT", "the start switches with chroot", _README, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _CHART),),
    new_privileges=(NewPrivileges(False, _CHART),),
    other_user=(
        OtherUser(
            True, _CHART, needs="`/bitnami/postgresql` has to belong to that user"
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            5432,
            "every database, without a password",
            _README,
            variable("ALLOW_EMPTY_PASSWORD", "yes", "true", "1"),
            closed_by=(
                "POSTGRESQL_PASSWORD",
                "POSTGRESQL_PASSWORD_FILE",
                "POSTGRES_PASSWORD",
                "POSTGRES_PASSWORD_FILE",
            ),
        ),
    ),
    grants=(),
)
