"""memcached.

It starts and works as `memcache` and writes no file. There is no login unless SASL or a
file of accounts is set up, so the port belongs in an internal network only.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    derived,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/memcached@53ac0ecb0bf8, 1/debian/Dockerfile")
_ENTRYPOINT = derived("docker-library/memcached@53ac0ecb0bf8, 1/debian/docker-entrypoint.sh")
_LAB = measured("stand-in of memcached:1.6 with Debian 13's memcached 1.6.38, Docker Engine 26.1.5")

FAMILY = Family(
    names=("memcached",),
    summary="memcached, an in-memory cache",
    holds_for="1.5 and later, on Debian and Alpine",
    programs=("memcached",),
    user=(User("memcache", _DOCKERFILE),),
    accounts=(Account("memcache", 11211, 11211, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(11211, "memcached", _DOCKERFILE),),
    volumes=(),
    writes=(),
    capabilities=(
        Capability("SETGID", "`-u` switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "`-u` switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _DOCKERFILE),),
    heap=(),
    open_ports=(
        OpenPort(
            11211,
            "everything in the cache",
            _DOCKERFILE,
            closed_by=("-S", "--enable-sasl", "-Y", "--auth-file"),
        ),
    ),
    grants=(),
)
