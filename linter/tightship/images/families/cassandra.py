"""Apache Cassandra.

The entrypoint starts as root, gives its folders to `cassandra` and continues as that
account. At each start it writes addresses and names from variables into `cassandra.yaml`.
Unless `MAX_HEAP_SIZE` is set, its heap is a part of the machine's memory, whatever the
limit is.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, tags, unless, variable
from tightship.images.facts import (
    Account,
    Capability,
    Content,
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

_DOCKERFILE = derived("docker-library/cassandra@7b9da8f4f58f, 5.0/Dockerfile")
_ENTRYPOINT = derived("docker-library/cassandra@7b9da8f4f58f, 5.0/docker-entrypoint.sh")
_SETTINGS = documented("cassandra.apache.org/doc, cassandra-env.sh, MAX_HEAP_SIZE")
_LOGIN = documented("cassandra.apache.org/doc, cassandra.yaml, authenticator")

FAMILY = Family(
    names=("cassandra",),
    summary="Apache Cassandra, a distributed database",
    holds_for="3.11 and later",
    programs=("cassandra",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("cassandra", 999, 999, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(9042, "Cassandra", _DOCKERFILE),
        Port(7000, "Cassandra between nodes", _DOCKERFILE),
        Port(7001, "Cassandra between nodes over TLS", _DOCKERFILE),
        Port(7199, "Cassandra's JMX", _DOCKERFILE),
        Port(9160, "Thrift", _DOCKERFILE, tags("<4")),
    ),
    volumes=(Volume("/var/lib/cassandra", _DOCKERFILE),),
    writes=(
        Write(
            "/etc/cassandra",
            "the settings, into which the entrypoint writes",
            _ENTRYPOINT,
            kind="data",
        ),
        Write("/var/log/cassandra", "log files", _ENTRYPOINT, CONFIGURED, kind="log"),
        Write("/tmp", "libraries of the JVM", _DOCKERFILE, CONFIGURED, options=("exec",)),
    ),
    contents=(
        Content(
            "/etc/cassandra/cassandra.yaml",
            "the entrypoint changes the settings in it",
            _ENTRYPOINT,
            unless(variable("CASSANDRA_CONF")),
        ),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives its folders to `cassandra` if they belong to another user",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans folders of the host that it may not read",
            _ENTRYPOINT,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("SETGID", "gosu switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="the entrypoint writes to `/etc/cassandra/cassandra.yaml` at each start",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _ENTRYPOINT,
            users=("999:999",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    heap=(Heap(_SETTINGS, variable="MAX_HEAP_SIZE", times=2),),
    open_ports=(OpenPort(9042, "every keyspace", _LOGIN, closed_by=("/etc/cassandra",)),),
    grants=(),
)
