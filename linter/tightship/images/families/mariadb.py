"""MariaDB.

The entrypoint starts as root, gives the data directory and the folder of the socket to
`mysql` and continues as that account. It scans the data directory on every start:
without `DAC_OVERRIDE` the first start succeeds and the restart fails.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, option, replaced, unless, variable
from tightship.images.facts import (
    Account,
    Capability,
    Content,
    Heap,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("MariaDB/mariadb-docker@1b6429ba3544, 12.3/Dockerfile")
_ENTRYPOINT = derived("MariaDB/mariadb-docker@1b6429ba3544, 12.3/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, mariadb/content.md")
_PASSWORDS = (
    "MARIADB_ROOT_PASSWORD",
    "MARIADB_ROOT_PASSWORD_FILE",
    "MARIADB_ROOT_PASSWORD_HASH",
    "MARIADB_ROOT_PASSWORD_HASH_FILE",
    "MYSQL_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD_FILE",
    "MARIADB_RANDOM_ROOT_PASSWORD",
    "MYSQL_RANDOM_ROOT_PASSWORD",
    "MARIADB_ROOT_HOST=localhost",
    "MYSQL_ROOT_HOST=localhost",
)
_LAB = measured(
    "stand-in of mariadb:11.8 with Debian 13's mariadb-server 11.8.9, Docker Engine 26.1.5"
)
_POOL = documented("mariadb.com/docs, server system variables, innodb_buffer_pool_size")

FAMILY = Family(
    names=("mariadb",),
    summary="MariaDB, a relational database",
    holds_for="10.3 and later",
    programs=("mariadbd", "mysqld"),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("mysql", 999, 999, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(3306, "MySQL", _DOCKERFILE),),
    volumes=(Volume("/var/lib/mysql", _DOCKERFILE),),
    writes=(
        Write("/run/mysqld", "the Unix socket", _LAB, options=("mode=1777",)),
        Write("/tmp", "temporary tables and sorts that are too large for memory", _LAB),
    ),
    contents=(
        Content(
            "/run/mysqld",
            "the entrypoint and the server look for the folder of the socket",
            _LAB,
            unless(replaced("/etc/mysql")),
            unless(option("--socket", "--defaults", "-S")),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the data directory to `mysql` where it belongs to another user",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans the data directory, which only `mysql` may read",
            _LAB,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "gosu switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _LAB, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True,
            _LAB,
            users=("999:999",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    memory=(Memory("128m", _LAB, processes=17, load="140 connections that sort", busy="560m"),),
    heap=(
        Heap(_POOL, flag="--innodb-buffer-pool-size"),
        Heap(_POOL, flag="--innodb_buffer_pool_size"),
    ),
    open_ports=(
        OpenPort(
            3306,
            "every database, as `root` without a password",
            _PAGE,
            variable("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD"),
            closed_by=_PASSWORDS,
        ),
        OpenPort(
            3306,
            "every database, as `root` without a password",
            _PAGE,
            variable("MYSQL_ALLOW_EMPTY_PASSWORD"),
            closed_by=_PASSWORDS,
        ),
    ),
    grants=(),
)
