"""Pages that nginx serves: IT Tools and Excalidraw.

They are the official nginx image with other files: the master starts as root and makes
its folders for temporary files, and the workers run as `nginx`. Nothing is stored on
the server.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_IT_TOOLS = derived("CorentinTh/it-tools@07eea0f484c0, Dockerfile")
_NGINX = derived("nginx/docker-nginx@0d7f4380c735, stable/alpine-slim/Dockerfile")
_FILES = derived("nginx/nginx@3f6f7824d4e2, src/core/ngx_file.c")
_WORKERS = derived("nginx/nginx@3f6f7824d4e2, src/os/unix/ngx_process_cycle.c")
_PAGE = documented("docker-library/docs@c4a9ba414434, nginx/content.md")

FAMILY = Family(
    names=("corentinth/it-tools", "ghcr.io/corentinth/it-tools", "excalidraw/excalidraw"),
    summary="a static web app on nginx",
    holds_for="the tags since 2023",
    programs=("nginx",),
    user=(User("root", _IT_TOOLS),),
    accounts=(Account("nginx", 101, 101, _NGINX),),
    steps_down=(StepDown("nginx", _WORKERS, AS_ROOT),),
    ports=(Port(80, "HTTP", _NGINX),),
    volumes=(),
    writes=(
        Write("/var/cache/nginx", "folders for temporary files", _PAGE),
        Write("/var/run", "the pid file", _PAGE),
    ),
    capabilities=(
        Capability("CHOWN", "the master gives its folders to `nginx`", _FILES, AS_ROOT),
        Capability("SETGID", "the workers switch the group", _WORKERS, AS_ROOT),
        Capability("SETUID", "the workers switch the user", _WORKERS, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _PAGE),),
    new_privileges=(NewPrivileges(False, _NGINX),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            needs="that user has to be able to write to `/var/cache/nginx` and `/var/run`",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
