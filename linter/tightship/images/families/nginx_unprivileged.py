"""nginx as an unprivileged user.

It is the nginx image with port 8080, and writes only to `/tmp`. It runs as uid 101, or
as any other user. Templates do not work with a read-only root file system: the
entrypoint skips them, and nginx serves the default page.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, mounted
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.families.nginx import CONTENTS
from tightship.images.family import Family

_DOCKERFILE = derived(
    "nginxinc/docker-nginx-unprivileged@8ead5cede31b, mainline/alpine-slim/Dockerfile"
)
_TEMPLATES = derived("nginx/docker-nginx@0d7f4380c735, entrypoint/20-envsubst-on-templates.sh")
_README = documented("nginxinc/docker-nginx-unprivileged@8ead5cede31b, README.md")
_LAB = measured(
    "stand-in of nginxinc/nginx-unprivileged:1.26 with Debian 13's nginx 1.26.3,"
    " Docker Engine 26.1.5"
)

FAMILY = Family(
    names=(
        "nginxinc/nginx-unprivileged",
        "ghcr.io/nginx/nginx-unprivileged",
        "ghcr.io/nginxinc/nginx-unprivileged",
    ),
    summary="nginx, a web server and proxy",
    holds_for="1.19 and later, on Debian and Alpine",
    programs=("nginx", "nginx-debug"),
    needs_entrypoint=False,
    user=(User("101", _DOCKERFILE),),
    accounts=(Account("nginx", 101, 101, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _README),),
    volumes=(),
    writes=(
        Write("/tmp", "the pid file and temporary files", _LAB),
        Write(
            "/etc/nginx/conf.d",
            "the entrypoint adds IPv6 to the default configuration",
            _TEMPLATES,
            optional=True,
        ),
    ),
    contents=CONTENTS,
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "keys and logs in a folder of the host may belong to another user",
            _README,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "CHOWN", "nginx gives the folders for temporary files to its workers", _README, AS_ROOT
        ),
        Capability("SETGID", "the workers switch their group", _README, AS_ROOT),
        Capability("SETUID", "the workers switch their user", _README, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _TEMPLATES,
            mounted("/docker-entrypoint.d"),
            CONFIGURED,
            why="scripts that the entrypoint runs may write anywhere",
        ),
        ReadOnly(
            False,
            _TEMPLATES,
            mounted("/etc/nginx/templates"),
            why="the entrypoint writes the configuration from its templates",
        ),
        ReadOnly(True, _LAB),
    ),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _README),),
    memory=(Memory("16m", _LAB, processes=8, load="400 slow clients"),),
    heap=(),
    open_ports=(),
    grants=(),
)
