"""Open Liberty and Lightstreamer, which start with their own account, and GeoNetwork.

Open Liberty and Lightstreamer need no capability. According to its page, Open Liberty
also runs with `read_only`, but then its configuration has to be a volume, unless the
image holds a keystore. The project has to choose that, so no patch is written.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    Heap,
    NewPrivileges,
    Port,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_LIBERTY = derived(
    "OpenLiberty/ci.docker@07e8b0afb5c2, releases/latest/full/Dockerfile.ubuntu.openjdk8"
)
_LIGHTSTREAMER = derived("Lightstreamer/Docker@5097d3bfe5ab, 7.4/jdk25/Dockerfile")
_GEONETWORK = derived("geonetwork/docker-geonetwork@2894c70a30de, 4.4.11/Dockerfile")
_JAVA = documented("java(1), JAVA_TOOL_OPTIONS and -Xmx")
_HEAP = (Heap(_JAVA, variable="JAVA_TOOL_OPTIONS", flag="-Xmx"),)

_FAMILIES = {
    "open-liberty": Family(
        names=("open-liberty",),
        summary="Open Liberty, a server for Java enterprise applications",
        holds_for="all versions",
        programs=("server",),
        user=(User("1001", _LIBERTY),),
        accounts=(Account("default", 1001, 0, _LIBERTY),),
        steps_down=(),
        ports=(Port(9080, "HTTP", _LIBERTY), Port(9443, "HTTPS", _LIBERTY)),
        volumes=(),
        capabilities=(
            Capability(
                "DAC_OVERRIDE",
                "root writes into the folders of the server's account",
                _LIBERTY,
                AS_ROOT,
                at="operation",
            ),
        ),
        new_privileges=(NewPrivileges(False, _LIBERTY),),
        heap=_HEAP,
        open_ports=(),
        grants=(),
    ),
    "lightstreamer": Family(
        names=("lightstreamer",),
        summary="Lightstreamer, which pushes data to web pages",
        holds_for="7.4",
        programs=("LS.sh",),
        user=(User("10000:10000", _LIGHTSTREAMER, tags(">=7.4")),),
        accounts=(Account("lightstreamer", 10000, 10000, _LIGHTSTREAMER, tags(">=7.4")),),
        steps_down=(),
        ports=(Port(8080, "HTTP", _LIGHTSTREAMER),),
        volumes=(),
        capabilities=(
            Capability(
                "DAC_OVERRIDE",
                "root writes into the folders of `lightstreamer`",
                _LIGHTSTREAMER,
                AS_ROOT,
                at="operation",
            ),
        ),
        new_privileges=(NewPrivileges(False, _LIGHTSTREAMER),),
        heap=_HEAP,
        grants=(),
    ),
    "geonetwork": Family(
        names=("geonetwork",),
        summary="GeoNetwork, a catalogue of geographic data",
        holds_for="4.4",
        programs=("catalina.sh",),
        user=(User("root", _GEONETWORK, tags(">=4.4")),),
        accounts=(),
        ports=(Port(8080, "HTTP", _GEONETWORK),),
        volumes=(Volume("/catalogue-data", _GEONETWORK, tags(">=4.4")),),
        new_privileges=(NewPrivileges(False, _GEONETWORK, tags(">=4.4")),),
        heap=_HEAP,
        grants=(),
    ),
}
NAMES = tuple(_FAMILIES)


def family(name: str) -> Family:
    """Return the family of one of the names."""
    return _FAMILIES[name]
