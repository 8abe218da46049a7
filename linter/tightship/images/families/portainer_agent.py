"""The agent of Portainer.

It works as root and passes the Docker API on to Portainer. Without `AGENT_SECRET`, the
first Portainer that connects takes control.
"""

from __future__ import annotations

from tightship.images.facts import Grant, OpenPort, Port, User, documented
from tightship.images.family import Family

_PAGE = documented("docs.portainer.io/admin/environments/add/docker/agent")

FAMILY = Family(
    names=("portainer/agent",),
    summary="the agent of Portainer",
    holds_for="version 2",
    programs=("agent",),
    user=(User("root", _PAGE),),
    ports=(Port(9001, "HTTPS", _PAGE),),
    heap=(),
    open_ports=(
        OpenPort(
            9001,
            "the Docker host, to the first Portainer that connects",
            _PAGE,
            closed_by=("AGENT_SECRET", "EDGE=1"),
        ),
    ),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "administration of the Docker host",
            _PAGE,
            instead="a port that only Portainer reaches, and `AGENT_SECRET`",
        ),
        Grant(
            "volumes",
            "/var/lib/docker/volumes",
            "browsing volumes",
            _PAGE,
            instead="remove it if you do not browse volumes",
        ),
    ),
)
