"""Neo4j.

The entrypoint starts as root, gives its folders to `neo4j`, makes them private and
continues as that account. tini stays root: without `KILL` it cannot forward the stop
signal. The entrypoint writes the settings to `/var/lib/neo4j/conf` at each start. The
first login is `neo4j` with `neo4j` as the password, unless `NEO4J_AUTH` changes that.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, variable
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
    measured,
)
from tightship.images.family import Family

_PUBLISHED = "neo4j/docker-neo4j-publish@a9a15fb56de4, 2026.06.0/trixie/community"
_DOCKERFILE = derived(f"{_PUBLISHED}/Dockerfile")
_ENTRYPOINT = derived(f"{_PUBLISHED}/local-package/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, neo4j/content.md")
_SETTINGS = documented("neo4j.com/docs/operations-manual/current/docker/ref-settings")
_OPEN = variable("NEO4J_AUTH", "none")
_TINI = measured("tini 0.19.0 as root without the capability KILL")

FAMILY = Family(
    names=("neo4j",),
    summary="Neo4j, a graph database",
    holds_for="4.0 and later",
    programs=("neo4j",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("neo4j", 7474, 7474, _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(7474, "HTTP", _DOCKERFILE),
        Port(7473, "HTTPS", _DOCKERFILE),
        Port(7687, "Bolt", _DOCKERFILE),
    ),
    volumes=(Volume("/data", _DOCKERFILE), Volume("/logs", _DOCKERFILE)),
    writes=(
        Write(
            "/var/lib/neo4j",
            "the settings in `conf`, and links to the data",
            _ENTRYPOINT,
            CONFIGURED,
            kind="data",
        ),
        Write("/tmp", "libraries of the JVM", _DOCKERFILE, CONFIGURED, options=("exec",)),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives its folders to `neo4j`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint works in folders that only `neo4j` may read",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "FOWNER",
            "the entrypoint makes folders of `neo4j` private",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "KILL",
            "tini, as root, passes signals on to the server of `neo4j`",
            _TINI,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "su-exec switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False, _ENTRYPOINT, why="the entrypoint writes to `/var/lib/neo4j/conf` at each start"
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            users=("7474:7474",),
            needs="the folders that are mounted have to belong to that user",
        ),
    ),
    heap=(
        Heap(_SETTINGS, variable="NEO4J_server_memory_heap_max__size", times=2),
        Heap(_SETTINGS, variable="NEO4J_dbms_memory_heap_max__size", times=2),
    ),
    open_ports=(
        OpenPort(7687, "the whole graph", _PAGE, _OPEN),
        OpenPort(7474, "the whole graph", _PAGE, _OPEN),
    ),
    grants=(),
)
