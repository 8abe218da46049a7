"""Redis by Bitnami.

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
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("bitnami/containers@02a6e6c6f970, bitnami/redis/7.4/debian-12/Dockerfile")
_CHART = documented("bitnami/charts, bitnami/redis/templates/master/application.yaml")
_README = documented("bitnami/containers, bitnami/redis/README.md")

FAMILY = Family(
    names=("bitnami/redis", "bitnamilegacy/redis"),
    summary="Redis, an in-memory database",
    holds_for="version 6 and later",
    programs=("run.sh",),
    user=(User("1001", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(6379, "Redis", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/bitnami/redis/data", "the data", _README, kind="data"),
        bitnami.made_at_start("/opt/bitnami/redis/etc", _CHART),
        bitnami.pid_file("/opt/bitnami/redis/tmp", _CHART),
        Write("/tmp", "temporary files", _CHART),
    ),
    capabilities=bitnami.capabilities("redis", _README),
    read_only=(ReadOnly(True, _CHART),),
    new_privileges=(NewPrivileges(False, _CHART),),
    other_user=(OtherUser(True, _CHART, needs="`/bitnami/redis/data` has to belong to that user"),),
    heap=(),
    open_ports=(
        bitnami.without_password(
            6379, "every key, to read and write", _README, "REDIS_PASSWORD", "REDIS_PASSWORD_FILE"
        ),
    ),
    grants=(),
)
