"""Redis.

The entrypoint starts as root and continues as `redis`. Since 8.0.2 it does so only if
it has `SETUID` and `SETGID`: without them it stays root, starts, and cannot save to
`/data`, which belongs to `redis`. With them it also needs `SETPCAP`, since it empties
the bounding set first. Older versions scan `/data` on each start, and fail at a folder
that only `redis` may read, such as that of an append-only file.
"""

from __future__ import annotations

from tightship.images import redis_servers
from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags
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

_DOCKERFILE = derived("redis/docker-library-redis@e5650da99bb3, 7.4/debian/Dockerfile")
_ALPINE = derived("redis/docker-library-redis@e5650da99bb3, 7.4/alpine/Dockerfile")
_ENTRYPOINT = derived("redis/docker-library-redis@e5650da99bb3, 7.4/debian/docker-entrypoint.sh")
_NEW_ENTRYPOINT = derived("redis/docker-library-redis@e5650da99bb3, debian/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, redis/content.md")
_WHY_SWITCH = "without it, Redis stays root, which may not write to the `/data` of `redis`"
_OLD, _NEW = tags("<8.0.2"), tags(">=8.0.2")
_LAB = measured("stand-in of redis:8.0 with Debian 13's redis-server 8.0.2, Docker Engine 26.1.5")
_LAB_OLD = measured(
    "stand-in of redis:7.4 with Debian 13's redis-server 8.0.2, Docker Engine 26.1.5"
)
_MEMORY = documented("redis.io/docs/latest/develop/reference/eviction, maxmemory")

FAMILY = Family(
    names=("redis",),
    summary="Redis, a key-value store",
    holds_for="4 and later, on Debian and Alpine",
    programs=("redis-server", "redis-sentinel"),
    user=(User("root", _DOCKERFILE),),
    accounts=redis_servers.accounts("redis", _DOCKERFILE, _ALPINE),
    steps_down=(
        StepDown("setpriv", _NEW_ENTRYPOINT, AS_ROOT, _NEW),
        StepDown("gosu or su-exec", _ENTRYPOINT, AS_ROOT, _OLD),
    ),
    ports=(Port(6379, "Redis", _DOCKERFILE),),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives `/data` to `redis` where it belongs to another user",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans folders that only `redis` may read",
            _ENTRYPOINT,
            AS_ROOT,
            _OLD,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "what is in folders of the host may belong to another user",
            _NEW_ENTRYPOINT,
            AS_ROOT,
            _NEW,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("SETGID", "gosu switches the group", _LAB_OLD, AS_ROOT, _OLD),
        Capability("SETGID", _WHY_SWITCH, _LAB, AS_ROOT, _NEW, at="operation"),
        Capability(
            "SETPCAP",
            "the entrypoint removes all capabilities from the server",
            _LAB,
            AS_ROOT,
            _NEW,
            at="operation",
        ),
        Capability("SETUID", "gosu switches the user", _LAB_OLD, AS_ROOT, _OLD),
        Capability("SETUID", _WHY_SWITCH, _LAB, AS_ROOT, _NEW, at="operation"),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=redis_servers.other_users(_LAB_OLD, _PAGE),
    memory=redis_servers.memory(_LAB),
    heap=redis_servers.heap(_MEMORY),
    open_ports=(redis_servers.open_port(_PAGE),),
    grants=(),
)
