"""The Apache HTTP Server, as its own image.

The parent process stays root and its children run as `www-data`. It writes its pid file,
and nothing else, to `logs`. Stop and graceful reload go through a pipe, so neither needs
`KILL`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, option, replaced, tags, unless
from tightship.images.facts import (
    Account,
    Capability,
    Content,
    Memory,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/httpd@4da43810a442, 2.4/Dockerfile")
_ALPINE = derived("docker-library/httpd@4da43810a442, 2.4/alpine/Dockerfile")
_LAB = measured("stand-in of httpd:2.4 with Debian 13's apache2 2.4.71, Docker Engine 26.1.5")

FAMILY = Family(
    names=("httpd",),
    summary="the Apache HTTP Server",
    holds_for="2.4, on Debian and Alpine",
    programs=("httpd-foreground", "httpd"),
    needs_entrypoint=False,
    user=(User("root", _DOCKERFILE),),
    accounts=(
        Account("www-data", 33, 33, _DOCKERFILE, tags("!alpine")),
        Account("www-data", 82, 82, _ALPINE, tags("alpine")),
    ),
    steps_down=(StepDown("httpd", _DOCKERFILE, AS_ROOT),),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(Write("/usr/local/apache2/logs", "the pid file", _LAB),),
    contents=(
        Content(
            "/usr/local/apache2/conf/httpd.conf",
            "without its configuration httpd does not start",
            _LAB,
            unless(option("-f", "-d")),
        ),
        Content(
            "/usr/local/apache2/htdocs/index.html",
            "the default site serves it",
            _LAB,
            unless(replaced("/usr/local/apache2/conf")),
            unless(option("-f", "-d")),
        ),
    ),
    capabilities=(
        Capability("SETGID", "the children switch their group", _LAB, AS_ROOT),
        Capability("SETUID", "the children switch their user", _LAB, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "keys and logs on the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True, _LAB, needs="that user has to be able to write to `/usr/local/apache2/logs`"
        ),
    ),
    memory=(Memory("16m", _LAB, processes=56, load="400 slow clients"),),
    heap=(),
    open_ports=(),
    grants=(),
)
