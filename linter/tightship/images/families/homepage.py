"""Homepage.

It starts as root; with `PUID` it gives its folders to that account and continues as it. Its
folders belong to uid 1000 in the image. There is no login: anyone who reaches the page sees
what the widgets show. `HOMEPAGE_ALLOWED_HOSTS` checks the address, not the visitor.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    StepDown,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("gethomepage/homepage@b2a52ff2a9df, Dockerfile")
_ENTRYPOINT = derived("gethomepage/homepage@b2a52ff2a9df, docker-entrypoint.sh")
_PAGE = documented("gethomepage/homepage@b2a52ff2a9df, docs/installation/docker.md")

FAMILY = Family(
    names=("ghcr.io/gethomepage/homepage",),
    summary="Homepage, a start page",
    holds_for="version 0.6 and later",
    programs=("node",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT, variable("PUID")),),
    ports=(Port(3000, "HTTP", _PAGE),),
    volumes=(),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives its folders to `PUID`", _ENTRYPOINT, AS_ROOT),
        Capability(
            "DAC_OVERRIDE", "its folders belong to uid 1000 in the image", _DOCKERFILE, AS_ROOT
        ),
        Capability("SETGID", "su-exec switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/app/config` has to belong to that user"),),
    heap=(),
    open_ports=(OpenPort(3000, "the start page and what its widgets show", _PAGE),),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the state of containers",
            _PAGE,
            instead="a socket proxy that allows only CONTAINERS, named in `docker.yaml`",
        ),
    ),
)
