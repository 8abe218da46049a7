"""ClickHouse.

The entrypoint starts as root, gives its folders to `clickhouse` and continues as that
account. To make the first database or to run initial scripts, it starts a temporary
server, and needs `KILL` to stop it. Until a password or a user is set, the user
`default` can connect only from inside the container.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, mounted, variable
from tightship.images.facts import (
    Account,
    Capability,
    Grant,
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

_DOCKERFILE = derived("ClickHouse/docker-library@b34751676b4c, server/26.7.3.19/Dockerfile.ubuntu")
_ENTRYPOINT = derived("ClickHouse/docker-library@b34751676b4c, server/26.7.3.19/entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, clickhouse/content.md")
_WHY_KILL = "the entrypoint stops the server with which it made the first database"

FAMILY = Family(
    names=("clickhouse/clickhouse-server", "clickhouse"),
    summary="ClickHouse, an analytical database",
    holds_for="22 and later",
    programs=("clickhouse-server",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("clickhouse", 101, 101, _DOCKERFILE),),
    steps_down=(StepDown("clickhouse su", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(8123, "HTTP", _DOCKERFILE),
        Port(9000, "ClickHouse", _DOCKERFILE),
        Port(9009, "ClickHouse between nodes", _DOCKERFILE),
    ),
    volumes=(Volume("/var/lib/clickhouse", _DOCKERFILE),),
    writes=(
        Write(
            "/var/log/clickhouse-server",
            "log files",
            _PAGE,
            CONFIGURED,
            kind="log",
            options=("uid=101", "gid=101"),
        ),
        Write(
            "/etc/clickhouse-server/users.d",
            "the user `default` as set by the variables",
            _ENTRYPOINT,
            AS_ROOT,
            CONFIGURED,
        ),
        Write(
            "/etc/clickhouse-server/users.d",
            "the user `default` as set by the variables",
            _ENTRYPOINT,
            CONFIGURED,
            options=("uid=101", "gid=101"),
        ),
        Write("/tmp", "the settings that the entrypoint reads", _ENTRYPOINT, CONFIGURED),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives its folders to `clickhouse`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint works in folders of `clickhouse`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("KILL", _WHY_KILL, _ENTRYPOINT, AS_ROOT, variable("CLICKHOUSE_DB")),
        Capability("KILL", _WHY_KILL, _ENTRYPOINT, AS_ROOT, mounted("/docker-entrypoint-initdb.d")),
        Capability("SETGID", "it switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "it switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _ENTRYPOINT),),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            users=("101:101",),
            needs="`/var/lib/clickhouse` and `/var/log/clickhouse-server` have to belong"
            " to that user",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(8123, "every table", _PAGE, variable("CLICKHOUSE_SKIP_USER_SETUP", "1")),
        OpenPort(9000, "every table", _PAGE, variable("CLICKHOUSE_SKIP_USER_SETUP", "1")),
    ),
    grants=tuple(
        Grant("cap_add", name, why, _PAGE, instead="leave it out: it works without")
        for name, why in (
            ("IPC_LOCK", "keeping its program in memory"),
            ("NET_ADMIN", "counting the work of each thread"),
            ("SYS_NICE", "changing the priority of its threads"),
        )
    ),
)
