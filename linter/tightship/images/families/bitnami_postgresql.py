"""PostgreSQL by Bitnami.

It runs as uid 1001 with group 0 and writes its configuration at each start, from
defaults in another folder. Bitnami moved these images to `bitnamilegacy`, which gets no
updates.
"""

from __future__ import annotations

from tightship.images import bitnami
from tightship.images.facts import (
    NewPrivileges,
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

_DOCKERFILE = derived("bitnami/containers@0191828691cc, bitnami/postgresql/16/debian-12/Dockerfile")
_CHART = documented("bitnami/charts, bitnami/postgresql/templates/primary/statefulset.yaml")
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
        bitnami.made_at_start("/opt/bitnami/postgresql/conf", _CHART),
        bitnami.pid_file("/opt/bitnami/postgresql/tmp", _CHART),
        Write("/tmp", "the Unix socket", _CHART),
    ),
    capabilities=bitnami.capabilities("postgres", _README),
    read_only=(ReadOnly(True, _CHART),),
    new_privileges=(NewPrivileges(False, _CHART),),
    other_user=(OtherUser(True, _CHART, needs="`/bitnami/postgresql` has to belong to that user"),),
    heap=(),
    open_ports=(
        bitnami.without_password(
            5432,
            "every database, without a password",
            _README,
            "POSTGRESQL_PASSWORD",
            "POSTGRESQL_PASSWORD_FILE",
            "POSTGRES_PASSWORD",
            "POSTGRES_PASSWORD_FILE",
        ),
    ),
    grants=(),
)
