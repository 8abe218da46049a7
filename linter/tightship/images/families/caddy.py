"""Caddy.

It starts and works as root. The program has the file capability `NET_BIND_SERVICE` with
the effective bit: with `cap_drop: [ALL]`, and without it in `cap_add`, even root cannot
start it (`operation not permitted`). Certificates are in `/data`; a container that
loses them soon reaches the rate limits of Let's Encrypt.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, HOST_FOLDERS, variable
from tightship.images.facts import (
    Capability,
    Grant,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("caddyserver/caddy-docker@62d1326421cc, 2.11/alpine/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, caddy/content.md")
_ADMIN = documented("Caddy documentation, API: default address of the admin endpoint")
_LAB = measured("stand-in of caddy:2.6 with Debian 13's caddy 2.6.2, Docker Engine 26.1.5")

FAMILY = Family(
    names=("caddy",),
    summary="Caddy, a web server that gets its own certificates",
    holds_for="2.x",
    programs=("caddy",),
    user=(User("root", _DOCKERFILE),),
    accounts=(),
    steps_down=(),
    ports=(
        Port(80, "HTTP", _DOCKERFILE),
        Port(443, "HTTPS", _DOCKERFILE),
        Port(443, "HTTP/3", _DOCKERFILE, protocol="udp"),
    ),
    volumes=(),
    writes=(
        Write("/data", "certificates and their keys", _DOCKERFILE, CONFIGURED, kind="data"),
        Write("/config", "the configuration as saved", _DOCKERFILE, CONFIGURED, kind="data"),
    ),
    capabilities=(
        Capability(
            "NET_BIND_SERVICE",
            "the program has it as a file capability and cannot be started without it",
            _LAB,
        ),
        Capability(
            "DAC_OVERRIDE",
            "certificates on the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="`/data` and `/config` have to belong to that user"),
    ),
    memory=(Memory("16m", _LAB, processes=8, load="400 slow clients"),),
    heap=(),
    open_ports=(
        OpenPort(
            2019,
            "the admin API, which replaces the whole configuration",
            _ADMIN,
            variable("CADDY_ADMIN", "0.0.0.0:2019", ":2019", "[::]:2019"),
        ),
    ),
    grants=(
        Grant(
            "cap_add",
            "NET_ADMIN",
            "larger buffers for HTTP/3",
            _PAGE,
            instead="set the sysctl `net.core.rmem_max` on the host",
        ),
    ),
)
