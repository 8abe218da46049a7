"""Dragonfly.

It starts as root and continues as `dfly`. There is no password unless `--requirepass`
or `DFLY_requirepass` sets one. It locks memory, so its documentation raises `memlock`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    StepDown,
    User,
    Write,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("dragonflydb.io/docs/getting-started/docker-compose")
_ENTRYPOINT = documented("dragonflydb/dragonfly, tools/docker/entrypoint.sh")
_FLAGS = documented("dragonflydb.io/docs/managing-dragonfly/flags")

FAMILY = Family(
    names=("docker.dragonflydb.io/dragonflydb/dragonfly", "ghcr.io/dragonflydb/dragonfly"),
    summary="Dragonfly, an in-memory database, compatible with Redis",
    holds_for="version 1",
    programs=("dragonfly",),
    user=(User("root", _PAGE),),
    ports=(Port(6379, "Redis", _PAGE),),
    writes=(Write("/data", "snapshots", _PAGE, kind="data"),),
    steps_down=(StepDown("setpriv", _ENTRYPOINT, AS_ROOT),),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives `/data` to `dfly`", _ENTRYPOINT, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans a folder of another user",
            _ENTRYPOINT,
            AS_ROOT,
            HOST_FOLDERS,
            at="restart",
        ),
        Capability("SETGID", "setpriv switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "setpriv switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/data` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(
            6379,
            "every key, to read and write",
            _FLAGS,
            closed_by=("--requirepass", "DFLY_requirepass"),
        ),
    ),
    grants=(),
)
