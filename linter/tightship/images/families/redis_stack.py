"""Redis Stack.

It runs Redis with modules as root, without a password and without the protected mode,
unless `REDIS_ARGS` or a mounted configuration changes that. `redis-stack` also has the
pages of RedisInsight on port 8001; `redis-stack-server` does not.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    Port,
    User,
    Write,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("redis.io/docs/latest/operate/oss_and_stack/install, Redis Stack on Docker")

NAMES = ("redis/redis-stack", "redis/redis-stack-server")


def family(name: str) -> Family:
    """Return the family with or without the pages."""
    pages = not name.endswith("server")
    return Family(
        names=(name,),
        summary="Redis with modules, an in-memory database",
        holds_for="version 6.2 and 7",
        programs=("entrypoint.sh",),
        user=(User("root", _PAGE),),
        ports=(Port(6379, "Redis", _PAGE), *((Port(8001, "HTTP", _PAGE),) if pages else ())),
        writes=(Write("/data", "the data", _PAGE, kind="data"),),
        capabilities=(
            Capability(
                "DAC_OVERRIDE",
                "it works as root, and a folder of the host may belong to another user",
                _PAGE,
                AS_ROOT,
                HOST_FOLDERS,
            ),
        ),
        new_privileges=(NewPrivileges(False, _PAGE),),
        heap=(),
        open_ports=(
            OpenPort(6379, "every key, to read and write", _PAGE, closed_by=("REDIS_ARGS",)),
            *((OpenPort(8001, "RedisInsight", _PAGE, closed_by=("REDIS_ARGS",)),) if pages else ()),
        ),
        grants=(),
    )
