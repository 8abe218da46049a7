"""MySQL.

The entrypoint starts as root, gives the data directory and the folders in its settings
to `mysql` and continues as that account. It scans them on every start: without
`DAC_OVERRIDE` the first start succeeds and the restart fails.
`mbind: Operation not permitted` in the log is harmless: it asks for `SYS_NICE`.

Nothing here is measured, because Debian has no MySQL: with MariaDB in its place, the
figures would be those of MariaDB.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
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
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/mysql@7f30fdb07380, innovation/Dockerfile.oracle")
_ENTRYPOINT = derived("docker-library/mysql@7f30fdb07380, innovation/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, mysql/content.md")
_TMPDIR = documented("dev.mysql.com/doc/refman, server system variables, tmpdir")
_POOL = documented("dev.mysql.com/doc/refman, server system variables, innodb_buffer_pool_size")

FAMILY = Family(
    names=("mysql",),
    summary="MySQL, a relational database",
    holds_for="5.7 and later",
    programs=("mysqld",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("mysql", 999, 999, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(3306, "MySQL", _DOCKERFILE),
        Port(33060, "MySQL's X protocol", _DOCKERFILE, tags(">=8")),
    ),
    volumes=(Volume("/var/lib/mysql", _DOCKERFILE),),
    writes=(
        Write(
            "/var/run/mysqld",
            "the Unix sockets and the file with the process ID",
            _ENTRYPOINT,
            options=("mode=1777",),
        ),
        Write("/tmp", "temporary tables and sorts that are too large for memory", _TMPDIR),
        Write(
            "/var/lib/mysql-files",
            "files of `SELECT … INTO OUTFILE`",
            _ENTRYPOINT,
            kind="data",
            optional=True,
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the data directory to `mysql` where it belongs to another user",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans the data directory, which only `mysql` may read",
            _ENTRYPOINT,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "gosu switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _ENTRYPOINT),),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            users=("999:999",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    heap=(
        Heap(_POOL, flag="--innodb-buffer-pool-size"),
        Heap(_POOL, flag="--innodb_buffer_pool_size"),
    ),
    open_ports=(
        OpenPort(
            3306,
            "every database, as `root` without a password",
            _PAGE,
            variable("MYSQL_ALLOW_EMPTY_PASSWORD"),
            closed_by=(
                "MYSQL_ROOT_PASSWORD",
                "MYSQL_ROOT_PASSWORD_FILE",
                "MYSQL_RANDOM_ROOT_PASSWORD",
                "MYSQL_ROOT_HOST=localhost",
            ),
        ),
    ),
    grants=(),
)
