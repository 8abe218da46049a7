"""Audiobookshelf.

It starts and works as root: it can be set to write covers and metadata into the
library, too. The first visitor sets the password of `root`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
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

_DOCKERFILE = derived("advplyr/audiobookshelf@1b46d68027f3, Dockerfile")
_COMPOSE = documented("advplyr/audiobookshelf@1b46d68027f3, docker-compose.yml")

FAMILY = Family(
    names=("ghcr.io/advplyr/audiobookshelf", "advplyr/audiobookshelf"),
    summary="Audiobookshelf, an audiobook and podcast server",
    holds_for="version 2.3 and later",
    programs=("node", "tini"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/config", "the database and settings", _COMPOSE, kind="data"),
        Write("/metadata", "covers, backups, logs and uploads", _COMPOSE, kind="data"),
        Write("/tmp", "temporary files", _DOCKERFILE),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and the library may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "FOWNER",
            "it changes the mode of files that may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="`/config` and `/metadata` have to belong to that user"),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
