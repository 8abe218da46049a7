"""Jaeger, everything in one container.

It runs as uid 10001 and keeps traces in memory, so that a restart loses them. Neither its
pages nor the ports for traces ask for a login.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import Capability, NewPrivileges, OpenPort, Port, User, documented
from tightship.images.family import Family

_PAGE = documented("jaegertracing.io/docs, Getting Started")
_DOCKERFILE = documented("jaegertracing/jaeger, cmd/all-in-one/Dockerfile")

FAMILY = Family(
    names=("jaegertracing/all-in-one", "jaegertracing/jaeger"),
    summary="Jaeger, a tracing backend",
    holds_for="version 1.30 and later",
    user=(User("10001", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(16686, "HTTP", _PAGE),
        Port(4317, "gRPC", _PAGE),
        Port(4318, "HTTP", _PAGE),
        Port(14268, "HTTP", _PAGE),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE", "traces that are kept may belong to uid 10001", _DOCKERFILE, AS_ROOT
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(OpenPort(16686, "every trace", _PAGE),),
    grants=(),
)
