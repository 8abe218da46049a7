"""Metabase.

As root it makes an account at each start, gives it the folder of `MB_DB_FILE` and
continues as that account; with `user:` it skips these steps. The JVM takes a quarter of
the memory as its heap, so a limit of the memory limits the heap, too. The first visitor
sets it up.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("metabase/metabase@0024b89173d0, Dockerfile")
_RUN = derived("metabase/metabase@0024b89173d0, bin/docker/run_metabase.sh")

FAMILY = Family(
    names=("metabase/metabase", "metabase/metabase-enterprise"),
    summary="Metabase, business intelligence",
    holds_for="0.40 and later",
    programs=("run_metabase.sh",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("metabase", 2000, 2000, _RUN),),
    steps_down=(StepDown("su", _RUN, AS_ROOT),),
    ports=(Port(3000, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/plugins", "drivers, which it unpacks", _DOCKERFILE, options=("mode=1777",)),
        Write(
            "/tmp",
            "libraries of drivers, which are loaded from there",
            _DOCKERFILE,
            options=("exec",),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN", "the start gives the folder of its database to `metabase`", _RUN, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE", "the start works on a folder of `metabase`", _RUN, AS_ROOT, at="restart"
        ),
        Capability("SETGID", "su switches the group", _RUN, AS_ROOT),
        Capability("SETUID", "su switches the user", _RUN, AS_ROOT),
    ),
    read_only=(
        ReadOnly(False, _RUN, AS_ROOT, why="the start makes the account in `/etc/passwd`"),
        ReadOnly(True, _DOCKERFILE, variable("MB_DB_TYPE", "postgres", "mysql")),
    ),
    new_privileges=(NewPrivileges(False, _RUN),),
    other_user=(
        OtherUser(
            True,
            _RUN,
            needs="the folder of `MB_DB_FILE`, if it is used, has to belong to that user",
        ),
    ),
    heap=(Heap(_RUN, variable="JAVA_OPTS", flag="-Xmx"),),
    open_ports=(),
    grants=(),
)
