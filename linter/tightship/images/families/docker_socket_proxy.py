"""The Docker socket proxy of Tecnativa.

It runs HAProxy as root, the owner of the socket, with a configuration that is made from
variables at the start. Each variable opens a part of the API; `POST=1` opens it for
writing. There is no login, so the port belongs in an internal network.
"""

from __future__ import annotations

from tightship.images.facts import (
    Grant,
    NewPrivileges,
    OpenPort,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("Tecnativa/docker-socket-proxy@a6fbf3835b05, Dockerfile")
_ENTRYPOINT = derived("Tecnativa/docker-socket-proxy@a6fbf3835b05, docker-entrypoint.sh")
_CONFIG = derived("Tecnativa/docker-socket-proxy@a6fbf3835b05, haproxy.cfg")
_README = documented("Tecnativa/docker-socket-proxy@a6fbf3835b05, README.md")

FAMILY = Family(
    names=("tecnativa/docker-socket-proxy", "ghcr.io/tecnativa/docker-socket-proxy"),
    summary="a proxy that filters the Docker API",
    holds_for="0.1 and later",
    programs=("haproxy",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(2375, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/tmp", "the configuration, made from variables", _ENTRYPOINT),
        Write("/run", "the pid file", _CONFIG),
    ),
    capabilities=(),
    read_only=(ReadOnly(True, _ENTRYPOINT),),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    open_ports=(OpenPort(2375, "the Docker API, as far as its variables open it", _README),),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the API that it filters",
            _README,
            instead="only the variables that its users need, and an internal network for them alone",
        ),
        Grant(
            "privileged",
            "true",
            "hosts with SELinux or AppArmor that forbid the socket",
            _README,
            instead="leave it out, and try it without",
        ),
    ),
)
