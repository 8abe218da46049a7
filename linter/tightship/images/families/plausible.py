"""Plausible Community Edition.

It runs as uid 999, and any other user can run it as well. PostgreSQL and ClickHouse are
separate services.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import Capability, NewPrivileges, OtherUser, Port, User, Volume, derived
from tightship.images.family import Family

_DOCKERFILE = derived("plausible/analytics@01598e6ce8d4, Dockerfile")

FAMILY = Family(
    names=("ghcr.io/plausible/community-edition", "plausible/analytics"),
    summary="Plausible, web analytics",
    holds_for="version 2 and later",
    programs=("run", "sh", "entrypoint.sh"),
    user=(User("999", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8000, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/var/lib/plausible", _DOCKERFILE),),
    capabilities=(
        Capability("DAC_OVERRIDE", "its folders belong to uid 999", _DOCKERFILE, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="existing data has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
