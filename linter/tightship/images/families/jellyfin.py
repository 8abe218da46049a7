"""Jellyfin.

It starts and works as root unless `user:` changes that; `/config` and `/cache` are
writable for everybody in the image, so a new named volume works for any user. The
first visitor sets the password.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    Grant,
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

_DOCKERFILE = derived("jellyfin/jellyfin-packaging@69a2981c0966, docker/Dockerfile")
_HARDWARE = documented("jellyfin.org/docs/general/post-install/transcoding/hardware-acceleration")
_NETWORK = documented("jellyfin.org/docs/general/installation/container")

FAMILY = Family(
    names=("jellyfin/jellyfin", "ghcr.io/jellyfin/jellyfin"),
    summary="Jellyfin, a media server",
    holds_for="version 10.8 and later",
    programs=("jellyfin",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8096, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/config", _DOCKERFILE), Volume("/cache", _DOCKERFILE)),
    writes=(Write("/tmp", "temporary files and sockets", _DOCKERFILE),),
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
    other_user=(OtherUser(True, _DOCKERFILE, needs="existing data has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "devices",
            "/dev/dri",
            "converting on the graphics card",
            _HARDWARE,
            instead="only the `renderD` device, with the group of that device in `group_add`",
        ),
        Grant(
            "network_mode",
            "host",
            "finding players by DLNA",
            _NETWORK,
            instead="leave it out if players know the address",
        ),
    ),
)
