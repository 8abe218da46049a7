"""nginx.

The master process runs as root, makes its directories below `/var/cache/nginx` for the
workers, and starts the workers as `nginx`. Keys and logs on the host that belong to
another user than root need `DAC_OVERRIDE`. Templates do not work with a read-only root
file system: the entrypoint skips them with a line in the log, and nginx serves its
default page.
"""

from __future__ import annotations

from tightship.images.conditions import (
    AS_ROOT,
    CONFIGURED,
    HOST_FOLDERS,
    flag,
    mounted,
    option,
    replaced,
    unless,
)
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
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("nginx/docker-nginx@0d7f4380c735, mainline/debian/Dockerfile")
_SERVER = derived("nginx/nginx@3f6f7824d4e2, src/os/unix/ngx_process_cycle.c")
_TEMPLATES = derived("nginx/docker-nginx@0d7f4380c735, entrypoint/20-envsubst-on-templates.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, nginx/content.md")
_LAB = measured("stand-in of nginx:1.26 with Debian 13's nginx 1.26.3, Docker Engine 26.1.5")
_OWN_CONFIGURATION = unless(option("-c", "-p"))
_OWN_SITE = (
    unless(replaced("/etc/nginx/nginx.conf")),
    unless(replaced("/etc/nginx/templates")),
    unless(replaced("/docker-entrypoint.d")),
    _OWN_CONFIGURATION,
)
CONTENTS = (
    Content(
        "/etc/nginx/nginx.conf",
        "without its configuration nginx does not start",
        _LAB,
        _OWN_CONFIGURATION,
    ),
    Content(
        "/etc/nginx/conf.d/default.conf",
        "without a site nginx listens on no port",
        _LAB,
        *_OWN_SITE,
    ),
    Content(
        "/usr/share/nginx/html/index.html",
        "the default site serves it",
        _LAB,
        *_OWN_SITE,
        unless(replaced("/etc/nginx")),
    ),
    Content(
        "/var/log/nginx",
        "nginx opens its logs there before it starts",
        _LAB,
        unless(replaced("/etc/nginx")),
        _OWN_CONFIGURATION,
    ),
)
"""What is kept in every image with the configuration of nginx's own."""

_MOVED = "`pid` and the temporary paths have to be where that user may write"

FAMILY = Family(
    names=("nginx",),
    summary="nginx, a web server and reverse proxy",
    holds_for="1.18 and later, on Debian and Alpine",
    programs=("nginx", "nginx-debug"),
    needs_entrypoint=False,
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("nginx", 101, 101, _DOCKERFILE),),
    steps_down=(StepDown("the server itself, for its workers", _SERVER, AS_ROOT),),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/var/cache/nginx", "temporary files and caches", _LAB),
        Write("/run", "the file with the process ID", _LAB),
        Write(
            "/etc/nginx/conf.d",
            "the entrypoint adds IPv6 to the default configuration",
            _LAB,
            optional=True,
        ),
    ),
    contents=(
        *CONTENTS,
        Content(
            "/var/cache/nginx",
            "the master makes folders in it, but not the folder itself",
            _LAB,
            unless(replaced("/etc/nginx")),
            _OWN_CONFIGURATION,
        ),
    ),
    capabilities=(
        Capability("CHOWN", "the master gives its cache directories to `nginx`", _LAB, AS_ROOT),
        Capability("SETGID", "the workers switch their group", _LAB, AS_ROOT),
        Capability("SETUID", "the workers switch their user", _LAB, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "keys and logs on the host may belong to another user",
            _SERVER,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
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
    other_user=(
        OtherUser(True, _PAGE, mounted("/etc/nginx"), needs=_MOVED),
        OtherUser(True, _PAGE, flag("-c"), needs=_MOVED),
        OtherUser(True, _LAB, mounted("/var/cache/nginx"), needs=_MOVED),
        OtherUser(
            False,
            _PAGE,
            needs="mount `/var/cache/nginx` and `/run` as a `tmpfs` of that user, or use the"
            " image `nginxinc/nginx-unprivileged`",
        ),
    ),
    memory=(Memory("16m", _LAB, processes=9, load="400 slow clients"),),
    heap=(),
    open_ports=(),
    grants=(),
)
