"""Valkey.

The entrypoint starts as root, gives `/data` to `valkey` and continues as that account. It
scans `/data` on each start, and fails at a folder that only `valkey` may read, such
as that of an append-only file, unless it has `DAC_OVERRIDE`.
"""

from __future__ import annotations

from tightship.images import redis_servers
from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("valkey-io/valkey-container@ae6141ea5d62, 8.0/debian/Dockerfile")
_ALPINE = derived("valkey-io/valkey-container@ae6141ea5d62, 8.0/alpine/Dockerfile")
_ENTRYPOINT = derived("valkey-io/valkey-container@ae6141ea5d62, 8.0/debian/docker-entrypoint.sh")
_LAB = measured(
    "stand-in of valkey/valkey:8.1 with Debian 13's valkey-server 8.1.1, Docker Engine 26.1.5"
)
_MEMORY = documented("valkey.io/topics/lru-cache, maxmemory")

FAMILY = Family(
    names=("valkey/valkey",),
    summary="Valkey, a key-value store",
    holds_for="7.2 and later, on Debian and Alpine",
    programs=("valkey-server", "valkey-sentinel"),
    user=(User("root", _DOCKERFILE),),
    accounts=redis_servers.accounts("valkey", _DOCKERFILE, _ALPINE),
    steps_down=(StepDown("setpriv", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(6379, "Redis", _DOCKERFILE),),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives `/data` to `valkey` where it belongs to another user",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans folders that only `valkey` may read",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "setpriv switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "setpriv switches the user", _LAB, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=redis_servers.other_users(_LAB, _ENTRYPOINT),
    memory=redis_servers.memory(_LAB),
    heap=redis_servers.heap(_MEMORY),
    open_ports=(redis_servers.open_port(_DOCKERFILE, "VALKEY_EXTRA_FLAGS"),),
    grants=(),
)
