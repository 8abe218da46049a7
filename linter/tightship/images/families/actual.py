"""Actual.

It starts and works as root, but `/data` belongs to `actual` (uid 1001) in the image, and so
does a new named volume: root needs `DAC_OVERRIDE` there, and `user: 1001:1001` needs nothing.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived(
    "actualbudget/actual@27d79ec53e85, packages/sync-server/docker/alpine.Dockerfile"
)
_LAB = measured(
    "@actual-app/sync-server from npm on Node.js 20, as root without it: no folder in `/data`"
)

FAMILY = Family(
    names=(
        "actualbudget/actual-server",
        "ghcr.io/actualbudget/actual-server",
        "ghcr.io/actualbudget/actual",
    ),
    summary="Actual, a budget app",
    holds_for="version 23 and later, on Debian and Alpine",
    programs=("node",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("actual", 1001, 1001, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(5006, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/data", "budgets and accounts", _DOCKERFILE, kind="data"),
        Write("/tmp", "temporary files", _DOCKERFILE),
    ),
    capabilities=(
        Capability("DAC_OVERRIDE", "`/data` belongs to `actual` in the image", _LAB, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            users=("1001:1001",),
            needs="existing data has to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
