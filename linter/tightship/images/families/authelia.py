"""Authelia.

As root it gives `/config` to `PUID` (root by default) and continues as that account; with
`user:` it skips both.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    StepDown,
    User,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("authelia/authelia@23572030b404, Dockerfile")
_ENTRYPOINT = derived("authelia/authelia@23572030b404, entrypoint.sh")

FAMILY = Family(
    names=("authelia/authelia", "ghcr.io/authelia/authelia"),
    summary="Authelia, a login server",
    holds_for="version 4.30 and later",
    programs=("authelia",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(9091, "HTTP", _DOCKERFILE),),
    writes=(Write("/config", "configuration, users and notifications", _ENTRYPOINT, kind="data"),),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives `/config` to `PUID`", _ENTRYPOINT, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "root works on files in `/config` that may belong to another user",
            _ENTRYPOINT,
            AS_ROOT,
        ),
        Capability("SETGID", "su-exec switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/config` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
