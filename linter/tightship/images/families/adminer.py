"""Adminer.

It starts and works as `adminer` and needs no capability. It has no login of its own:
anyone who reaches it can try passwords of the database.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("TimWolla/docker-adminer@7088bf0e2003, 5/Dockerfile")
_FASTCGI = derived("TimWolla/docker-adminer@7088bf0e2003, 5/fastcgi/Dockerfile")
_ENTRYPOINT = derived("TimWolla/docker-adminer@7088bf0e2003, 5/entrypoint.sh")
_LINKS = "the entrypoint adds designs and plugins next to the code"
_LAB = measured("stand-in of adminer:5 with Debian 13's adminer 5.2.1, Docker Engine 26.1.5")

FAMILY = Family(
    names=("adminer",),
    summary="Adminer, a web interface for databases",
    holds_for="4 and later",
    programs=("php", "php-fpm"),
    user=(User("adminer", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(8080, "HTTP", _DOCKERFILE, tags("!fastcgi")),
        Port(9000, "FastCGI", _FASTCGI, tags("fastcgi")),
    ),
    volumes=(),
    writes=(Write("/tmp", "sessions and uploads", _ENTRYPOINT),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "root writes into the folder of `adminer`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "FPM switches the group", _FASTCGI, AS_ROOT, at="operation"),
        Capability("SETUID", "FPM switches the user", _FASTCGI, AS_ROOT, at="operation"),
        Capability("KILL", "FPM signals its children", _FASTCGI, AS_ROOT, at="operation"),
    ),
    read_only=(
        ReadOnly(False, _ENTRYPOINT, variable("ADMINER_DESIGN"), why=_LINKS),
        ReadOnly(False, _ENTRYPOINT, variable("ADMINER_PLUGINS"), why=_LINKS),
        ReadOnly(True, _LAB),
    ),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _ENTRYPOINT),),
    heap=(),
    open_ports=(),
    grants=(),
)
