"""Grafana Tempo.

It runs as uid 10001 since 2.5, and as root before; old data have to get the new owner.
Tempo has no login of its own.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    Port,
    User,
    documented,
)
from tightship.images.family import Family

_PAGE = documented("grafana.com/docs/tempo/latest/release-notes/v2-5")
_CONFIG = documented("grafana.com/docs/tempo/latest/configuration")

FAMILY = Family(
    names=("grafana/tempo",),
    summary="Tempo, a tracing backend",
    holds_for="version 2",
    programs=("tempo",),
    user=(User("10001", _PAGE, tags(">=2.5")), User("root", _PAGE, tags("<2.5"))),
    accounts=(Account("tempo", 10001, 10001, _PAGE, tags(">=2.5")),),
    steps_down=(),
    ports=(Port(3200, "HTTP", _CONFIG),),
    volumes=(),
    capabilities=(Capability("DAC_OVERRIDE", "its data may belong to uid 10001", _PAGE, AS_ROOT),),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(),
    open_ports=(OpenPort(3200, "every trace", _CONFIG),),
    grants=(),
)
