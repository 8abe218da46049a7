"""Keycloak.

It runs as uid 1000. A start without `--optimized` builds Keycloak again in its own folder
and so cannot be read-only. The heap is 70 % of the memory limit, or of the host's memory
without a limit. Its documentation recommends a limit of 2 GB, and at least 750 MB.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("keycloak/keycloak@0463815bc93a, quarkus/container/Dockerfile")
_GUIDE = documented("keycloak.org/server/containers")
_HEALTH = documented("keycloak.org/server/management-interface")
_ON = ("true", "True")

FAMILY = Family(
    names=("quay.io/keycloak/keycloak", "keycloak/keycloak"),
    summary="Keycloak, a login server",
    holds_for="version 20 and later",
    programs=("start", "start-dev", "kc.sh"),
    user=(User("1000", _DOCKERFILE),),
    accounts=(Account("keycloak", 1000, 0, _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(8080, "HTTP", _DOCKERFILE),
        Port(8443, "HTTPS", _DOCKERFILE),
        Port(9000, "HTTP", _HEALTH, tags(">=25")),
    ),
    volumes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to uid 1000", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _GUIDE,
            why="a start without `--optimized` builds it again in `/opt/keycloak/lib`",
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(Heap(_GUIDE, variable="JAVA_OPTS_KC_HEAP", flag="-Xmx"),),
    open_ports=(
        OpenPort(9000, "metrics", _HEALTH, tags(">=25"), variable("KC_METRICS_ENABLED", *_ON)),
    ),
    grants=(),
)
