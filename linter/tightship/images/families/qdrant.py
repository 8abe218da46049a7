"""Qdrant.

It starts and works as root; the `-unprivileged` tags run as uid 1000. At the start it
writes a file to its own folder; `QDRANT_INIT_FILE_PATH` moves the file. Without an API
key, anyone who reaches the port reads and deletes every collection.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags
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

_DOCKERFILE = derived("qdrant/qdrant@74f3e85b9473, Dockerfile")
_ENTRYPOINT = derived("qdrant/qdrant@74f3e85b9473, tools/entrypoint.sh")
_CONFIG = documented("qdrant/qdrant@74f3e85b9473, config/config.yaml")
_KEY = ("QDRANT__SERVICE__API_KEY",)

FAMILY = Family(
    names=("qdrant/qdrant", "ghcr.io/qdrant/qdrant/qdrant"),
    summary="Qdrant, a vector database",
    holds_for="version 1 and later",
    programs=("entrypoint.sh", "qdrant"),
    user=(
        User("root", _DOCKERFILE, tags("!unprivileged")),
        User("1000", _DOCKERFILE, tags("unprivileged")),
    ),
    steps_down=(),
    ports=(Port(6333, "HTTP", _DOCKERFILE), Port(6334, "gRPC", _DOCKERFILE)),
    volumes=(),
    writes=(
        Write("/qdrant/storage", "the collections", _CONFIG, kind="data"),
        Write("/qdrant/snapshots", "snapshots", _CONFIG, kind="data"),
        Write("/tmp", "temporary files", _CONFIG),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="it writes a file to `/qdrant` at the start; `QDRANT_INIT_FILE_PATH` moves it",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            needs="an `-unprivileged` tag, and collections that belong to that user",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(6333, "every collection, to read, write and delete", _CONFIG, closed_by=_KEY),
        OpenPort(6334, "every collection, to read, write and delete", _CONFIG, closed_by=_KEY),
    ),
    grants=(),
)
