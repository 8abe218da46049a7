"""CouchDB.

The entrypoint starts as root, gives everything below `/opt/couchdb` to `couchdb`, sets
the modes of its files and continues as that account. tini stays root: without `KILL` it
cannot forward the stop signal, so the database is killed. The entrypoint writes the
settings in `/opt/couchdb/etc` at each start.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, tags, unless, variable
from tightship.images.facts import (
    Account,
    Capability,
    Content,
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

_DOCKERFILE = derived("apache/couchdb-docker@4c82ee090d62, 3.5.1/Dockerfile")
_ENTRYPOINT = derived("apache/couchdb-docker@4c82ee090d62, 3.5.1/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, couchdb/content.md")
_TINI = measured("tini 0.19.0 as root without the capability KILL")

FAMILY = Family(
    names=("couchdb", "apache/couchdb"),
    summary="CouchDB, a document database",
    holds_for="2.3 and later",
    programs=("couchdb",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("couchdb", 5984, 5984, _DOCKERFILE),),
    steps_down=(StepDown("gosu or setpriv", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(5984, "HTTP", _DOCKERFILE),
        Port(4369, "Erlang's port mapper", _DOCKERFILE),
        Port(9100, "Erlang distribution", _DOCKERFILE),
    ),
    volumes=(Volume("/opt/couchdb/data", _DOCKERFILE),),
    writes=(
        Write(
            "/opt/couchdb/etc",
            "the settings, which the entrypoint takes from variables",
            _ENTRYPOINT,
            CONFIGURED,
            kind="data",
        ),
    ),
    contents=(
        Content(
            "/opt/couchdb/etc/vm.args",
            "without the arguments of its virtual machine CouchDB does not start",
            _DOCKERFILE,
            unless(variable("COUCHDB_ARGS_FILE")),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives everything below `/opt/couchdb` to `couchdb`",
            _ENTRYPOINT,
            AS_ROOT,
        ),
        Capability(
            "DAC_OVERRIDE", "the entrypoint writes to files of `couchdb`", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "FOWNER",
            "the entrypoint sets the modes of files of `couchdb`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "KILL",
            "tini, as root, passes signals on to the server of `couchdb`",
            _TINI,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "the entrypoint switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "the entrypoint switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="the entrypoint writes to `/opt/couchdb/etc`, where the image keeps its settings",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _ENTRYPOINT,
            users=("5984:5984",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            5984,
            "every database, with the rights of an administrator",
            _PAGE,
            tags("<3"),
            closed_by=("COUCHDB_USER", "/opt/couchdb/etc"),
        ),
    ),
    grants=(),
)
