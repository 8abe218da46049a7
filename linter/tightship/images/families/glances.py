"""Glances.

It starts and works as root. To see the host, it gets the host's process list and the
Docker socket. Its pages (`GLANCES_OPT=-w`) ask for no login without `--password`.
"""

from __future__ import annotations

from tightship.images.conditions import flag, variable
from tightship.images.facts import Grant, NewPrivileges, OpenPort, Port, User, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("nicolargo/glances@92156d069425, docker-files/alpine.Dockerfile")
_PAGE = documented("nicolargo/glances@92156d069425, docs/docker.rst")

FAMILY = Family(
    names=("nicolargo/glances",),
    summary="Glances, a host monitor",
    holds_for="version 3 and 4",
    programs=("python", "python3", "glances", "sh"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(61208, "HTTP", _DOCKERFILE), Port(61209, "XML-RPC over HTTP", _DOCKERFILE)),
    volumes=(),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(
        OpenPort(
            61208,
            "the processes and containers of the host",
            _PAGE,
            variable("GLANCES_OPT", "-w", "--webserver"),
        ),
        OpenPort(
            61208,
            "the processes and containers of the host",
            _PAGE,
            flag("-w", "--webserver"),
            closed_by=("--password",),
        ),
    ),
    grants=(
        Grant(
            "pid",
            "host",
            "the processes of the host",
            _PAGE,
            instead="leave it out if containers are enough",
        ),
        Grant(
            "network_mode",
            "host",
            "the traffic of the host",
            _PAGE,
            instead="leave it out if containers are enough",
        ),
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the list of containers",
            _PAGE,
            instead="a socket proxy that allows only CONTAINERS, named by `DOCKER_HOST`",
        ),
    ),
)
