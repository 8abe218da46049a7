"""Redis Insight.

It runs as `node` (uid 1000) and has no login: anyone who reaches the port uses every database
that was set up in it.
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
    Write,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("redis.io/docs/latest/operate/redisinsight/install/install-on-docker")

FAMILY = Family(
    names=("redis/redisinsight",),
    summary="Redis Insight, a web interface for Redis",
    holds_for="version 2.50 and later",
    user=(User("node", _PAGE),),
    accounts=(Account("node", 1000, 1000, _PAGE),),
    steps_down=(),
    ports=(Port(5540, "HTTP", _PAGE),),
    writes=(
        Write("/data", "the databases that were set up, with their passwords", _PAGE, kind="data"),
    ),
    capabilities=(Capability("DAC_OVERRIDE", "its data belong to `node`", _PAGE, AS_ROOT),),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(),
    open_ports=(OpenPort(5540, "every database that was set up in it", _PAGE),),
    grants=(),
)
