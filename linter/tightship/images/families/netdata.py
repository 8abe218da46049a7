"""Netdata.

It starts as root and continues as `netdata`; its plug-ins are setuid programs and have
file capabilities, which have no effect with `no-new-privileges`. To see the host, it
needs the host's processes, network and folders, and the Docker socket. Its pages have
no login of their own.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("netdata/netdata@04b1cf54270c, packaging/docker/Dockerfile")
_RUN = derived("netdata/netdata@04b1cf54270c, packaging/docker/run.sh")
_README = documented("netdata/netdata@04b1cf54270c, packaging/docker/README.md")
_LESS = "remove it if you do not need these metrics"

FAMILY = Family(
    names=("netdata/netdata", "ghcr.io/netdata/netdata"),
    summary="Netdata, a host monitor",
    holds_for="version 1.40 and later",
    programs=("run.sh",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("netdata", 201, 201, _DOCKERFILE),),
    steps_down=(StepDown("netdata", _RUN, AS_ROOT),),
    ports=(Port(19999, "HTTP", _DOCKERFILE),),
    read_only=(
        ReadOnly(
            False, _RUN, why="the start writes to `/etc/netdata` and adds groups to `/etc/group`"
        ),
    ),
    new_privileges=(
        NewPrivileges(
            True, _DOCKERFILE, why="its plug-ins are setuid programs and have file capabilities"
        ),
    ),
    other_user=(OtherUser(False, _RUN, needs="it needs root for the plug-ins"),),
    heap=(),
    open_ports=(OpenPort(19999, "the metrics of the host and all containers", _README),),
    grants=(
        Grant("cap_add", "SYS_PTRACE", "metrics of each process", _README, instead=_LESS),
        Grant(
            "cap_add", "SYS_ADMIN", "the network interfaces of containers", _README, instead=_LESS
        ),
        Grant(
            "security_opt", "apparmor:unconfined", "metrics of each process", _README, instead=_LESS
        ),
        Grant("pid", "host", "metrics of each process", _README, instead=_LESS),
        Grant("network_mode", "host", "the traffic of the host", _README, instead=_LESS),
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the names of containers",
            _README,
            instead="a socket proxy that allows only CONTAINERS, named by `DOCKER_HOST`",
        ),
    ),
)
