"""Percona Server for MySQL.

Unlike MySQL's own image, it starts and works as `mysql`, uid 1001: no capability is needed,
and a folder of the host has to belong to that user before the first start.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    User,
    Volume,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived(
    "percona/percona-docker@be7be52aa71c, percona-server-8.0/Dockerfile-dockerhub"
)
_ENTRYPOINT = derived("percona/percona-docker@be7be52aa71c, percona-server-8.0/ps-entry.sh")
_WHY = "as root, the server has to switch to `mysql` and to work in its folders"

FAMILY = Family(
    names=("percona", "percona/percona-server"),
    summary="Percona Server for MySQL, a relational database",
    holds_for="5.7 and later",
    programs=("mysqld",),
    user=(User("mysql", _DOCKERFILE),),
    accounts=(Account("mysql", 1001, 1001, _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(3306, "MySQL", _DOCKERFILE),
        Port(33060, "MySQL's X protocol", _DOCKERFILE, tags(">=8")),
    ),
    volumes=(Volume("/var/lib/mysql", _DOCKERFILE), Volume("/var/log/mysql", _DOCKERFILE)),
    capabilities=tuple(
        Capability(name, _WHY, _ENTRYPOINT, AS_ROOT, at="operation")
        for name in ("CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID")
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            users=("1001:1001",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            3306,
            "every database, as `root` without a password",
            _ENTRYPOINT,
            variable("MYSQL_ALLOW_EMPTY_PASSWORD"),
            closed_by=("MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_HOST=localhost"),
        ),
    ),
    grants=(),
)
