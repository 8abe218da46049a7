"""guacd, the proxy of Apache Guacamole.

It runs as `guacd` and trusts anyone who reaches its port: the web application logs people in,
guacd does not. The port belongs in an internal network.
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

_DOCKERFILE = derived("apache/guacamole-server@6719b20d09b7, Dockerfile")
_PAGE = documented("guacamole.apache.org/doc/gug/guacamole-docker.html")

FAMILY = Family(
    names=("guacamole/guacd",),
    summary="guacd, the remote desktop proxy of Guacamole",
    holds_for="1.2 and later",
    programs=("guacd",),
    user=(User("guacd", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(4822, "Guacamole", _DOCKERFILE),),
    volumes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to `guacd`", _DOCKERFILE, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(OpenPort(4822, "connections from here to any address", _PAGE),),
    grants=(),
)
