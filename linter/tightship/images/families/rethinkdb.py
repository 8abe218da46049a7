"""RethinkDB.

It starts and works as root, and writes to `/data` only. The console on 8080 asks for no
login at all, and the clients' port takes `admin` without a password until one is set.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("rethinkdb/rethinkdb-dockerfiles@48876a66c3be, bookworm/2.4.4/Dockerfile")
_PAGE = documented("rethinkdb.com/docs/security")

FAMILY = Family(
    names=("rethinkdb",),
    summary="RethinkDB, a document database",
    holds_for="2.3 and later",
    programs=("rethinkdb",),
    user=(User("root", _DOCKERFILE),),
    accounts=(),
    steps_down=(),
    ports=(
        Port(28015, "RethinkDB", _DOCKERFILE),
        Port(29015, "RethinkDB between nodes", _DOCKERFILE),
        Port(8080, "HTTP", _DOCKERFILE),
    ),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/data` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(8080, "the console", _PAGE, closed_by=("--no-http-admin",)),
        OpenPort(28015, "every table", _PAGE, closed_by=("--initial-password",)),
    ),
    grants=(),
)
