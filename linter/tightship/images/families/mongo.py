"""MongoDB.

The entrypoint starts as root, gives `/data/db` and `/data/configdb` to `mongodb` and
continues as that account. The server makes folders that only `mongodb` may read, and
the entrypoint scans them on each start: without `DAC_OVERRIDE` the restart fails.
Without the name and password of a first user, anyone can do everything.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
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

_DOCKERFILE = derived("docker-library/mongo@2c69a57b939a, 8.3/Dockerfile")
_ENTRYPOINT = derived("docker-library/mongo@2c69a57b939a, 8.3/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, mongo/content.md")
_MODES = documented("mongodb.com/docs/manual/reference/parameters, honorSystemUmask")

FAMILY = Family(
    names=("mongo",),
    summary="MongoDB, a document database",
    holds_for="4.4 and later",
    programs=("mongod",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("mongodb", 999, 999, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(27017, "MongoDB", _DOCKERFILE),),
    volumes=(Volume("/data/db", _DOCKERFILE), Volume("/data/configdb", _DOCKERFILE)),
    writes=(Write("/tmp", "the Unix socket, and the settings of the first start", _ENTRYPOINT),),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the data directory to `mongodb` where it belongs to another user",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans folders that only `mongodb` may read",
            _MODES,
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
            _ENTRYPOINT,
            users=("999:999",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            27017,
            "every database",
            _PAGE,
            closed_by=(
                "MONGO_INITDB_ROOT_USERNAME",
                "MONGO_INITDB_ROOT_USERNAME_FILE",
                "--auth",
                "--keyFile",
                "--config",
                "-f",
                "/etc/mongod.conf",
            ),
        ),
    ),
    grants=(),
)
