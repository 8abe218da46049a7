"""Gotify.

It is a single program, and runs as root unless `user:` changes that. The first login is
`admin` with the password `admin`, unless `GOTIFY_DEFAULTUSER_PASS` is set before the
first start.
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

_DOCKERFILE = derived("gotify/server@d543a8aad22f, docker/Dockerfile")
_PAGE = documented("gotify.net/docs/install")

FAMILY = Family(
    names=("gotify/server", "ghcr.io/gotify/server"),
    summary="Gotify, a notification server",
    holds_for="version 2",
    programs=("gotify-app",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/app/data", "the database, images and plug-ins", _PAGE, kind="data"),
        Write("/tmp", "uploads", _DOCKERFILE),
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
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/app/data` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
