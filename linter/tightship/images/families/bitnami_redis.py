"""Redis by Bitnami.

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
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived(
    "bitnami/containers@02a6e6c6f970, bitnami/redis/7.4/debian-12/Dockerfile"
)
_CHART = documented("bitnami/charts, bitnami/redis/templates/master/application.yaml")
_README = documented("bitnami/containers, bitnami/redis/README.md")

FAMILY = Family(
    names=("bitnami/redis", "bitnamilegacy/redis"),
    summary="Redis, a database in memory",
    holds_for="version 6 and later",
    programs=("run.sh",),
    user=(User("1001", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(6379, "Redis", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/bitnami/redis/data", "the data", _README, kind="data"),
        Write(
            "/opt/bitnami/redis/etc",
            "the configuration, made at the start",
            _CHART,
            options=("mode=1777",),
        ),
        Write("/opt/bitnami/redis/tmp", "the pid file", _CHART, options=("mode=1777",)),
        Write("/tmp", "temporary files", _CHART),
    ),
    capabilities=(
        Capability("CHOWN", "the start gives its folders to `redis`", _README, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the start works on folders of `redis`",
            _README,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER",
            "the start changes the mode of folders of `redis`",
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
            True, _CHART, needs="`/bitnami/redis/data` has to belong to that user"
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            6379,
            "every key, to read and write",
            _README,
            variable("ALLOW_EMPTY_PASSWORD", "yes", "true", "1"),
            closed_by=("REDIS_PASSWORD", "REDIS_PASSWORD_FILE"),
        ),
    ),
    grants=(),
)
