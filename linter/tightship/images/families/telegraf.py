"""Telegraf.

The entrypoint starts as root, gives the program file capabilities for pings and low
ports, if it can, and continues as `telegraf`. With `SETFCAP` but without `NET_RAW` and
`NET_BIND_SERVICE`, the program can no longer be executed. tini stays root: without
`KILL` it cannot forward the stop signal.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, NOT_AS_ROOT
from tightship.images.facts import (
    Capability,
    Grant,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("influxdata/influxdata-docker@d457cb936353, telegraf/1.39/Dockerfile")
_ENTRYPOINT = derived("influxdata/influxdata-docker@d457cb936353, telegraf/1.39/entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, telegraf/content.md")
_TINI = measured("tini 0.19.0 as root without the capability KILL")

FAMILY = Family(
    names=("telegraf",),
    summary="Telegraf, an agent that collects metrics",
    holds_for="1.20 and later",
    programs=("telegraf",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("setpriv", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(8094, "lines of metrics", _DOCKERFILE),
        Port(8092, "lines of metrics", _DOCKERFILE, protocol="udp"),
        Port(8125, "StatsD", _DOCKERFILE, protocol="udp"),
    ),
    volumes=(),
    writes=(),
    capabilities=(
        Capability(
            "KILL",
            "tini, as root, passes signals on to the agent of `telegraf`",
            _TINI,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "NET_BIND_SERVICE",
            "the file capabilities of the program include it",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("NET_RAW", "the agent sends pings", _ENTRYPOINT, AS_ROOT, at="operation"),
        Capability(
            "SETFCAP",
            "the entrypoint gives the program file capabilities",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "setpriv switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "setpriv switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _ENTRYPOINT, NOT_AS_ROOT),),
    other_user=(
        OtherUser(
            True,
            _ENTRYPOINT,
            needs="it sends no pings then, and needs the group of a socket that it reads",
        ),
    ),
    heap=(),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "metrics of all containers, for the input `docker`",
            _PAGE,
            instead="a socket proxy that allows reading containers only",
        ),
    ),
)
