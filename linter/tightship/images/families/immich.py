"""Immich, the server.

It starts and works as root and writes photos to the upload folder, usually a bind
mount. The API and the microservices use the same image. The first visitor becomes the
administrator.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OtherUser,
    Port,
    User,
    Write,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("immich.app/docs/install/docker-compose")
_ROOTLESS = documented("immich-app/immich discussion 31702")
_HARDWARE = documented("immich.app/docs/features/hardware-transcoding")

FAMILY = Family(
    names=("ghcr.io/immich-app/immich-server",),
    summary="Immich, a photo and video library",
    holds_for="version 1.106 and later",
    programs=("start.sh",),
    user=(User("root", _PAGE),),
    steps_down=(),
    ports=(Port(2283, "HTTP", _PAGE),),
    volumes=(),
    writes=(
        Write("/data", "photos and videos, since 1.137", _PAGE, kind="data"),
        Write("/tmp", "files that are being converted", _ROOTLESS),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and the folder of photos may belong to another user",
            _PAGE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "FOWNER",
            "it sets the times of files that may belong to another user",
            _PAGE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ROOTLESS),),
    other_user=(
        OtherUser(
            True,
            _ROOTLESS,
            users=("1000:1000",),
            needs="the upload folder has to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(Grant("devices", "/dev/dri", "converting videos on the graphics card", _HARDWARE),),
)
