"""PostgreSQL.

The entrypoint starts as root, gives the data directory to `postgres` and continues as that
account. It scans the data directory on every start, and only `postgres` may read
it: without `DAC_OVERRIDE` the first start succeeds and the restart fails. With `user:` set
to `postgres`, none of this happens and no capability is needed.
"""

from __future__ import annotations

from tightship.images.conditions import (
    AS_ROOT,
    CONFIGURED,
    NOT_AS_ROOT,
    option,
    tags,
    unless,
    variable,
)
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

_DOCKERFILE = derived("docker-library/postgres@6edb0a8c4def, 18/trixie/Dockerfile")
_ENTRYPOINT = derived("docker-library/postgres@6edb0a8c4def, 18/trixie/docker-entrypoint.sh")
_ALPINE = derived("docker-library/postgres@6edb0a8c4def, 18/alpine3.23/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, postgres/content.md")
_BUFFERS = documented("postgresql.org/docs/current, shared_buffers")
_LAB = measured(
    "stand-in of postgres:17 with Debian 13's postgresql-17 17.12, Docker Engine 26.1.5"
)
_LAB_18 = measured(
    "stand-in of postgres:18 with Debian 13's postgresql-17 17.12, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("postgres", "pgvector/pgvector", "postgis/postgis"),
    summary="PostgreSQL, a relational database",
    holds_for="9.6 and later, on Debian and Alpine",
    programs=("postgres",),
    user=(User("root", _DOCKERFILE),),
    accounts=(
        Account("postgres", 999, 999, _DOCKERFILE, tags("!alpine")),
        Account("postgres", 70, 70, _ALPINE, tags("alpine")),
    ),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(5432, "PostgreSQL", _DOCKERFILE),),
    volumes=(
        Volume("/var/lib/postgresql", _DOCKERFILE, tags(">=18")),
        Volume("/var/lib/postgresql/data", _DOCKERFILE, tags("<18")),
    ),
    writes=(
        Write(
            "/var/run/postgresql", "the Unix socket and its lock file", _LAB, options=("mode=3777",)
        ),
        Write(
            "/tmp",
            "files that the entrypoint passes to its programs, and the entry of"
            " a user without an account",
            _ENTRYPOINT,
            CONFIGURED,
        ),
    ),
    contents=(
        Content(
            "/var/run/postgresql",
            "without root, the folder of the Unix socket cannot be created",
            _ENTRYPOINT,
            NOT_AS_ROOT,
            unless(option("unix_socket", "--unix", "config", "--config", "-k", "-D")),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint makes the data directory and gives it to `postgres`",
            _LAB_18,
            AS_ROOT,
            tags(">=18"),
        ),
        Capability(
            "CHOWN",
            "the entrypoint gives the folders of the data and of the socket to `postgres`"
            " if they belong to another user",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans the data directory, which only `postgres` may read",
            _LAB,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER",
            "the entrypoint changes the mode of the folder of the log, which it gave to `postgres`",
            _ENTRYPOINT,
            AS_ROOT,
            variable("POSTGRES_INITDB_WALDIR"),
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
            tags("!alpine"),
            users=("999:999",),
            needs="an existing data directory has to belong to that user",
        ),
        OtherUser(
            True,
            _PAGE,
            tags("alpine"),
            users=("70:70",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    memory=(Memory("64m", _LAB, processes=7, load="95 connections that sort", busy="650m"),),
    heap=(
        Heap(_BUFFERS, flag="shared_buffers", times=2),
        Heap(_BUFFERS, flag="--shared_buffers", times=2),
    ),
    open_ports=(
        OpenPort(
            5432,
            "every database, without a password",
            _ENTRYPOINT,
            variable("POSTGRES_HOST_AUTH_METHOD", "trust"),
        ),
    ),
    grants=(),
)
