"""Meilisearch.

It starts and works as root. Without a master key, anyone who reaches the port reads and
deletes every index. It sorts documents in temporary files, which grow with the
documents that are added.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
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

_DOCKERFILE = derived("meilisearch/meilisearch@5cb2f2e94bef, Dockerfile")
_OPTIONS = documented("meilisearch/meilisearch@5cb2f2e94bef, crates/meilisearch/src/option.rs")

FAMILY = Family(
    names=("getmeili/meilisearch",),
    summary="Meilisearch, a search engine",
    holds_for="version 1 and later",
    programs=("meilisearch",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(7700, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/meili_data", "the indexes, dumps and snapshots", _DOCKERFILE, kind="data"),
        Write(
            "/tmp",
            "temporary files as large as the documents that are added",
            _DOCKERFILE,
            kind="data",
        ),
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
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/meili_data` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(
            7700,
            "every index, to read, write and delete",
            _OPTIONS,
            closed_by=("MEILI_MASTER_KEY", "--master-key", "MEILI_ENV=production"),
        ),
    ),
    grants=(),
)
