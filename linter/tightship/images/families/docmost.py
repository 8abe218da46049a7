"""Docmost.

It runs as `node` (uid 1000) and keeps uploads in `/app/data/storage`. The first visitor
sets it up.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import Account, Capability, NewPrivileges, Port, User, Volume, derived
from tightship.images.family import Family

_DOCKERFILE = derived("docmost/docmost@549cf7c0053b, Dockerfile")

FAMILY = Family(
    names=("docmost/docmost",),
    summary="Docmost, a wiki",
    holds_for="0.1 and later",
    programs=("pnpm", "node"),
    user=(User("node", _DOCKERFILE),),
    accounts=(Account("node", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(3000, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/app/data/storage", _DOCKERFILE),),
    capabilities=(Capability("DAC_OVERRIDE", "uploads belong to `node`", _DOCKERFILE, AS_ROOT),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(),
)
