"""imgproxy.

It runs as uid 999 and keeps nothing. Without `IMGPROXY_KEY` and `IMGPROXY_SALT`, anyone
who reaches the port can make it fetch pictures from any address.
"""

from __future__ import annotations

from tightship.images.facts import NewPrivileges, OpenPort, Port, User, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("imgproxy/imgproxy@eef3b3129972, docker/Dockerfile")
_PAGE = documented("docs.imgproxy.net/usage/signing_url")

FAMILY = Family(
    names=("darthsim/imgproxy", "ghcr.io/imgproxy/imgproxy"),
    summary="imgproxy, an image resizing server",
    holds_for="version 3",
    programs=("imgproxy",),
    user=(User("999", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    volumes=(),
    capabilities=(),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(
        OpenPort(
            8080,
            "pictures that it fetches from any address",
            _PAGE,
            closed_by=("IMGPROXY_KEY", "IMGPROXY_KEYS", "IMGPROXY_SECRET"),
        ),
    ),
    grants=(),
)
