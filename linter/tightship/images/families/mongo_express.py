"""mongo-express.

It runs as root and shows every database to anyone who logs in.
`ME_CONFIG_BASICAUTH=false` removes the login. Without your own password, the login is
the well-known `admin` with the password `pass`.
"""

from __future__ import annotations

from tightship.images.conditions import variable
from tightship.images.facts import NewPrivileges, OpenPort, Port, User, documented
from tightship.images.family import Family

_PAGE = documented("docker-library/docs, mongo-express/content.md")
_CONFIG = documented("mongo-express 1.0.2 on npm, config.default.js")

FAMILY = Family(
    names=("mongo-express",),
    summary="mongo-express, a web interface for MongoDB",
    holds_for="version 0.54 and later",
    programs=("mongo-express",),
    user=(User("root", _PAGE),),
    steps_down=(),
    ports=(Port(8081, "HTTP", _PAGE),),
    volumes=(),
    capabilities=(),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(),
    open_ports=(
        OpenPort(
            8081,
            "every database, to read and write",
            _CONFIG,
            variable("ME_CONFIG_BASICAUTH", "false", "False", "0", "no"),
        ),
    ),
    grants=(),
)
