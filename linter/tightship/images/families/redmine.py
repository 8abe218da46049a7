"""Redmine.

The entrypoint starts as root, gives the folders of the application to `redmine` and
continues as that account. It then writes the configuration of the database and a secret
next to the code, so the root file system has to be writable.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/redmine@f772dee71588, 7.0/trixie/Dockerfile")
_ENTRYPOINT = derived("docker-library/redmine@f772dee71588, 7.0/trixie/docker-entrypoint.sh")
_OWNS = "the entrypoint gives the folders of the application to `redmine`"

FAMILY = Family(
    names=("redmine",),
    summary="Redmine, a project and issue tracker",
    holds_for="5 and later, on Debian and Alpine",
    programs=("rails", "rake"),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("redmine", 999, 999, _DOCKERFILE, tags("!alpine")),),
    steps_down=(
        StepDown("gosu", _ENTRYPOINT, AS_ROOT, tags("!alpine")),
        StepDown("su-exec", _ENTRYPOINT, AS_ROOT, tags("alpine")),
    ),
    ports=(Port(3000, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/usr/src/redmine/files", _DOCKERFILE),),
    capabilities=(
        Capability("CHOWN", _OWNS, _ENTRYPOINT, AS_ROOT, at="operation"),
        Capability(
            "DAC_OVERRIDE",
            "root writes into folders of `redmine`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "FOWNER",
            "root sets the modes of folders that belong to `redmine`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "gosu switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False, _ENTRYPOINT, why="the entrypoint writes the configuration next to the code"
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    open_ports=(),
    grants=(),
)
