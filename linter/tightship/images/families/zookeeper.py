"""Apache ZooKeeper.

The entrypoint starts as root, gives its folders to `zookeeper` and continues as that
account. It writes `zoo.cfg` to `/conf` if there is none. The client port asks for no
login, and the admin server on 8080 shows the ensemble to everybody.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, mounted
from tightship.images.facts import (
    Account,
    Capability,
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

_DOCKERFILE = derived("31z4/zookeeper-docker@52a83649bc33, 3.9.4/Dockerfile")
_ENTRYPOINT = derived("31z4/zookeeper-docker@52a83649bc33, 3.9.4/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, zookeeper/content.md")
_LAB = measured("stand-in of zookeeper:3.9 with Debian 13's zookeeper 3.9.3, Docker Engine 26.1.5")

FAMILY = Family(
    names=("zookeeper",),
    summary="Apache ZooKeeper, a coordination service",
    holds_for="3.5 and later",
    programs=("zkServer.sh",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("zookeeper", 1000, 1000, _DOCKERFILE),),
    steps_down=(StepDown("gosu", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(2181, "ZooKeeper", _DOCKERFILE),
        Port(2888, "ZooKeeper between nodes", _DOCKERFILE),
        Port(3888, "ZooKeeper between nodes", _DOCKERFILE),
        Port(8080, "HTTP", _DOCKERFILE),
    ),
    volumes=(
        Volume("/data", _DOCKERFILE),
        Volume("/datalog", _DOCKERFILE),
        Volume("/logs", _DOCKERFILE),
    ),
    writes=(
        Write("/conf", "`zoo.cfg`, if it is missing", _ENTRYPOINT, CONFIGURED, kind="data"),
        Write("/tmp", "files of the JVM", _DOCKERFILE, CONFIGURED),
    ),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives its folders to `zookeeper`", _LAB, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint works in folders of the host that it may not read",
            _ENTRYPOINT,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("SETGID", "gosu switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _LAB, AS_ROOT),
    ),
    read_only=(
        ReadOnly(True, _LAB, mounted("/conf")),
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="the entrypoint writes `zoo.cfg` to `/conf`, where the image keeps"
            " the settings of its log",
        ),
    ),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True,
            _LAB,
            users=("1000:1000",),
            needs="an existing data directory has to belong to that user",
        ),
    ),
    memory=(Memory("64m", _LAB, processes=29),),
    heap=(Heap(_PAGE, variable="JVMFLAGS", flag="-Xmx", default="1000m"),),
    open_ports=(
        OpenPort(
            2181,
            "every node without an ACL",
            _PAGE,
            closed_by=("ZOO_CFG_EXTRA", "JVMFLAGS", "SERVER_JVMFLAGS", "/conf"),
        ),
        OpenPort(
            8080,
            "statistics and settings",
            _PAGE,
            closed_by=("ZOO_ADMINSERVER_ENABLED=false", "ZOO_CFG_EXTRA", "/conf"),
        ),
    ),
    grants=(),
)
