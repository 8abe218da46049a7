"""Gotenberg.

It runs as `gotenberg` (uid 1001) with a browser and an office suite. Without basic
authentication, anyone who reaches the port can make the browser visit any address.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    Port,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("gotenberg/gotenberg@0b16b0ab34e6, build/Dockerfile")
_PAGE = documented("gotenberg.dev/docs/configuration")

FAMILY = Family(
    names=("gotenberg/gotenberg",),
    summary="Gotenberg, a PDF generator",
    holds_for="version 7 and 8",
    programs=("gotenberg",),
    user=(User("gotenberg", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(3000, "HTTP", _DOCKERFILE),),
    volumes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to `gotenberg`", _DOCKERFILE, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(
        OpenPort(
            3000,
            "a browser that visits any address",
            _PAGE,
            closed_by=("API_ENABLE_BASIC_AUTH=true", "--api-enable-basic-auth"),
        ),
    ),
    grants=(),
)
