"""InfluxDB.

Version 1 starts and works as root and asks for no login unless that is switched on.
Version 2 starts as root, makes its folders private to `influxdb` and continues as that
account; since it scans them on every start, the restart fails without `DAC_OVERRIDE`.
Version 3 is a different program: these facts do not cover it.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, tags
from tightship.images.facts import (
    Account,
    Capability,
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

_OLD_DOCKERFILE = derived("influxdata/influxdata-docker@d457cb936353, influxdb/1.8/Dockerfile")
_DOCKERFILE = derived("influxdata/influxdata-docker@d457cb936353, influxdb/2.9/Dockerfile")
_ENTRYPOINT = derived("influxdata/influxdata-docker@d457cb936353, influxdb/2.9/entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, influxdb/content.md")
_OLD, _NEW = tags("<2"), tags(">=2")
# Late images of version 1 may step down as version 2 does: what they would need then is
# granted, and nothing else is said of them.
_EARLY, _LATE = tags("<1.9"), tags(">=1.9")
_LAB = measured("stand-in of influxdb:1.8 with Debian 13's influxdb 1.6.7, Docker Engine 26.1.5")

FAMILY = Family(
    names=("influxdb",),
    summary="InfluxDB, a time series database",
    holds_for="versions 1.0 to 1.8, and 2",
    programs=("influxd",),
    user=(
        User("root", _OLD_DOCKERFILE, _OLD),
        User("root", _DOCKERFILE, _NEW, tags("!core"), tags("!enterprise")),
    ),
    accounts=(Account("influxdb", 1000, 1000, _DOCKERFILE, _NEW),),
    steps_down=(StepDown("gosu or setpriv", _ENTRYPOINT, _NEW, AS_ROOT),),
    ports=(Port(8086, "HTTP", _DOCKERFILE),),
    volumes=(
        Volume("/var/lib/influxdb", _OLD_DOCKERFILE, _OLD),
        Volume("/var/lib/influxdb2", _DOCKERFILE, _NEW),
        Volume("/etc/influxdb2", _DOCKERFILE, _NEW),
    ),
    writes=(Write("/tmp", "the settings of the first start", _ENTRYPOINT, _NEW, CONFIGURED),),
    capabilities=(
        Capability(
            "CHOWN", "the entrypoint gives its folders to `influxdb`", _ENTRYPOINT, _LATE, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans folders that only `influxdb` may read",
            _ENTRYPOINT,
            _LATE,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _OLD_DOCKERFILE,
            _EARLY,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("SETGID", "the entrypoint switches the group", _ENTRYPOINT, _LATE, AS_ROOT),
        Capability("SETUID", "the entrypoint switches the user", _ENTRYPOINT, _LATE, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _LAB, _EARLY), ReadOnly(True, _ENTRYPOINT, _NEW, tags("<3"))),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(
            True, _OLD_DOCKERFILE, _EARLY, needs="`/var/lib/influxdb` has to belong to that user"
        ),
        OtherUser(
            True,
            _ENTRYPOINT,
            _NEW,
            users=("1000:1000",),
            needs="what is in `/var/lib/influxdb2` and `/etc/influxdb2` has to belong to that user",
        ),
    ),
    memory=(Memory("16m", _LAB, _OLD, processes=13, grows=True),),
    heap=(),
    open_ports=(
        OpenPort(
            8086,
            "every database",
            _PAGE,
            _OLD,
            closed_by=("INFLUXDB_HTTP_AUTH_ENABLED=true", "-config", "/etc/influxdb"),
        ),
    ),
    grants=(),
)
