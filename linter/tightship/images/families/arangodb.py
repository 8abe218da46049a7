"""ArangoDB.

The first start requires a password for `root`, or `ARANGO_NO_AUTH` to run without one.
The entrypoint copies the settings to `/tmp` and changes only the copy.
"""

from __future__ import annotations

from tightship.images.conditions import variable
from tightship.images.facts import OpenPort, Port, User, Volume, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("arangodb/arangodb-docker@c507e8709115, alpine/3.10.5.2/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, arangodb/content.md")

FAMILY = Family(
    names=("arangodb", "arangodb/arangodb"),
    summary="ArangoDB, a document and graph database",
    holds_for="3.10 and later",
    programs=("arangod",),
    user=(User("root", _DOCKERFILE),),
    ports=(Port(8529, "HTTP", _DOCKERFILE),),
    volumes=(
        Volume("/var/lib/arangodb3", _DOCKERFILE),
        Volume("/var/lib/arangodb3-apps", _DOCKERFILE),
    ),
    heap=(),
    open_ports=(OpenPort(8529, "every database", _PAGE, variable("ARANGO_NO_AUTH")),),
    grants=(),
)
