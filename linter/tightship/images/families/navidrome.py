"""Navidrome.

It starts and works as root unless `user:` changes that, and only reads the music. The
first visitor becomes the administrator.
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
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("navidrome/navidrome@295886cb9a43, Dockerfile")
_PAGE = documented("navidrome.org/docs/installation/docker")

FAMILY = Family(
    names=("deluan/navidrome", "ghcr.io/navidrome/navidrome"),
    summary="Navidrome, a music server",
    holds_for="0.49 and later",
    programs=("navidrome",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(4533, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/data", _DOCKERFILE), Volume("/music", _DOCKERFILE)),
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
    other_user=(OtherUser(True, _PAGE, needs="`/data` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
