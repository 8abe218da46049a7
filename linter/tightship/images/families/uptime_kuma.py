"""Uptime Kuma.

The usual tags start and work as root, the `-rootless` ones as `node`. The first visitor
sets the password. Version 2 can run MariaDB in the same container, as another account, and
monitors that use a browser install one at run time.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags
from tightship.images.facts import (
    Account,
    Capability,
    Grant,
    NewPrivileges,
    Port,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("louislam/uptime-kuma@6398a9581d1c, docker/dockerfile")
_BASE = derived("louislam/uptime-kuma@6398a9581d1c, docker/debian-base.dockerfile")
_README = documented("louislam/uptime-kuma@6398a9581d1c, README.md")
_ROOTFUL = tags("!rootless")
_TWO = tags(">=2")
_WIKI = documented("louislam/uptime-kuma wiki, How to Monitor Docker Containers")

FAMILY = Family(
    names=("louislam/uptime-kuma", "ghcr.io/louislam/uptime-kuma"),
    summary="Uptime Kuma, a service monitor",
    holds_for="version 1 and 2",
    programs=("node",),
    user=(User("root", _BASE, tags("!rootless")), User("node", _DOCKERFILE, tags("rootless"))),
    accounts=(Account("node", 1000, 1000, _DOCKERFILE),),
    ports=(Port(3001, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(Write("/app/data", "the database and uploads", _README, kind="data"),),
    capabilities=(
        Capability(
            "CHOWN",
            "it gives the folder of its own MariaDB to `node`",
            _BASE,
            _ROOTFUL,
            _TWO,
            AS_ROOT,
        ),
        Capability(
            "DAC_OVERRIDE",
            "it works on the folder of its own MariaDB as root",
            _BASE,
            _ROOTFUL,
            _TWO,
            AS_ROOT,
        ),
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _BASE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "FOWNER",
            "installing the browser of monitors changes modes",
            _BASE,
            _ROOTFUL,
            _TWO,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "KILL",
            "it stops its own MariaDB, which runs as `node`",
            _BASE,
            _ROOTFUL,
            _TWO,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "NET_RAW",
            "`ping`, which monitors run, may have it as a file capability",
            _BASE,
            at="operation",
        ),
        Capability(
            "SETGID", "its own MariaDB and apt switch the group", _BASE, _ROOTFUL, _TWO, AS_ROOT
        ),
        Capability(
            "SETUID", "its own MariaDB and apt switch the user", _BASE, _ROOTFUL, _TWO, AS_ROOT
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "monitors of containers",
            _WIKI,
            instead="a socket proxy that allows only CONTAINERS, which a Docker host of the type TCP can name",
        ),
    ),
)
