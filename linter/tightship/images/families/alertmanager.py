"""Alertmanager.

It runs as `nobody` and writes `/alertmanager` only. Anyone who reaches the port can
silence alerts, unless `--web.config.file` names a file with users.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("prometheus/alertmanager@68fb2d5759b3, Dockerfile")
_HTTPS = documented("prometheus.io/docs/alerting/latest/https")
_LAB = measured(
    "stand-in of prom/alertmanager:v0.28.1 with Debian 13's prometheus-alertmanager 0.28.1,"
    " Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("prom/alertmanager", "quay.io/prometheus/alertmanager"),
    summary="Alertmanager, which sends the alerts of Prometheus",
    holds_for="0.16 and later",
    programs=("alertmanager",),
    user=(User("nobody", _DOCKERFILE),),
    accounts=(Account("nobody", 65534, 65534, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(9093, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/alertmanager", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "its data may belong to `nobody`", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/alertmanager` has to belong to that user"),),
    memory=(Memory("16m", _LAB, processes=8, load="400 slow clients"),),
    heap=(),
    open_ports=(
        OpenPort(9093, "alerts, to read and to silence", _HTTPS, closed_by=("--web.config.file",)),
    ),
    grants=(),
)
