"""Beszel, the hub.

It is a single program without a shell, and runs as root unless `user:` changes that.
The first visitor becomes the administrator.
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
    Volume,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("henrygd/beszel@f1e5797c76a2, internal/dockerfile_hub")

FAMILY = Family(
    names=("henrygd/beszel", "ghcr.io/henrygd/beszel/beszel"),
    summary="Beszel, a host monitor",
    holds_for="0.1 and later",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8090, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/beszel_data", _DOCKERFILE),),
    writes=(Write("/tmp", "temporary files", _DOCKERFILE),),
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
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/beszel_data` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
