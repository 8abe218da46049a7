"""Beszel, the agent.

It runs as root on each host, with the host's network and the Docker socket. The hub
logs in with a key.
"""

from __future__ import annotations

from tightship.images.facts import Grant, NewPrivileges, Port, User, Volume, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("henrygd/beszel@f1e5797c76a2, internal/dockerfile_agent")
_PAGE = documented("beszel.dev/guide/agent-installation")

FAMILY = Family(
    names=("henrygd/beszel-agent", "ghcr.io/henrygd/beszel/beszel-agent"),
    summary="the agent of Beszel, a host monitor",
    holds_for="0.1 and later",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(45876, "SSH", _PAGE),),
    volumes=(Volume("/var/lib/beszel-agent", _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "network_mode",
            "host",
            "the traffic of the host",
            _PAGE,
            instead="leave it out if the traffic of the host does not matter",
        ),
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the use of each container",
            _PAGE,
            instead="a socket proxy that allows only CONTAINERS, named by `DOCKER_HOST`",
        ),
    ),
)
