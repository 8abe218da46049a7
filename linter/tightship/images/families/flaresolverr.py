"""FlareSolverr.

It runs as `flaresolverr` (uid 1000) and opens a browser for each request. Its API has
no login: anyone who reaches the port can make the browser fetch any address, also in
the internal network.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    Port,
    User,
    Volume,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("FlareSolverr/FlareSolverr@0f05ed8fc974, Dockerfile")

FAMILY = Family(
    names=("ghcr.io/flaresolverr/flaresolverr", "flaresolverr/flaresolverr"),
    summary="FlareSolverr, a proxy that passes Cloudflare's browser check",
    holds_for="version 3",
    programs=("python",),
    user=(User("flaresolverr", _DOCKERFILE),),
    accounts=(Account("flaresolverr", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8191, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/config", _DOCKERFILE),),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to `flaresolverr`", _DOCKERFILE, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(OpenPort(8191, "a browser that fetches any address", _DOCKERFILE),),
    grants=(),
)
