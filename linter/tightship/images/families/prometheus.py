"""Prometheus.

It runs as `nobody` and writes `/prometheus` only. Its pages and API have no login unless
`--web.config.file` names a file with users. `--web.enable-admin-api` lets visitors delete
series, `--web.enable-lifecycle` lets them stop it.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
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

_DOCKERFILE = derived("prometheus/prometheus@d15adb9ad7e5, Dockerfile")
_FLAGS = documented("prometheus/prometheus@d15adb9ad7e5, docs/command-line/prometheus.md")
_LAB = measured(
    "stand-in of prom/prometheus:v2.53.3 with Debian 13's prometheus 2.53.3, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("prom/prometheus", "quay.io/prometheus/prometheus"),
    summary="Prometheus, a metrics database",
    holds_for="version 2 and later",
    programs=("prometheus",),
    user=(User("nobody", _DOCKERFILE, tags("!distroless")),),
    accounts=(Account("nobody", 65534, 65534, _DOCKERFILE, tags("!distroless")),),
    steps_down=(),
    ports=(Port(9090, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/prometheus", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "its data may belong to `nobody`", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/prometheus` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(
            9090, "every metric and the configuration", _FLAGS, closed_by=("--web.config.file",)
        ),
    ),
    grants=(),
)
