"""Jetty.

It starts and works as `jetty` and needs no capability. Its page names the two folders
that stay writable under `read_only`. The JVM takes a quarter of the limit as its heap,
unless `JAVA_OPTIONS` changes that.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED
from tightship.images.facts import (
    Capability,
    Heap,
    NewPrivileges,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("eclipse/jetty.docker@ebf58ffbccf2, 11.0-jdk16/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, jetty/content.md")
_LAB = measured("stand-in of jetty:12 with Debian 13's jetty12 12.0.17, Docker Engine 26.1.5")

FAMILY = Family(
    names=("jetty",),
    summary="Jetty, a server for Java web applications",
    holds_for="9.4 and later",
    programs=("java",),
    user=(User("jetty", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/tmp/jetty", "temporary files", _PAGE, options=("mode=1777",)),
        Write("/run/jetty", "the state of the server", _PAGE, CONFIGURED, options=("mode=1777",)),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "root writes into the folders of `jetty`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    heap=(
        Heap(_PAGE, variable="JAVA_OPTIONS", flag="-Xmx"),
        Heap(_PAGE, variable="JAVA_TOOL_OPTIONS", flag="-Xmx"),
    ),
    open_ports=(),
    grants=(),
)
