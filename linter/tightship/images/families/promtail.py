"""Promtail.

It starts and works as root, since logs belong to many accounts, and stores its position
in them in a file that its configuration names. Grafana Alloy replaces it.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import Capability, Grant, NewPrivileges, Port, User, documented
from tightship.images.family import Family

_PAGE = documented("grafana.com/docs/loki/latest/send-data/promtail/installation")
_DISCOVERY = documented(
    "grafana.com/docs/loki/latest/send-data/promtail/configuration, docker_sd_config"
)

FAMILY = Family(
    names=("grafana/promtail",),
    summary="Promtail, which sends logs to Loki",
    holds_for="version 2 and 3",
    programs=("promtail",),
    user=(User("root", _PAGE),),
    steps_down=(),
    ports=(Port(9080, "HTTP", _PAGE),),
    volumes=(),
    capabilities=(
        Capability("DAC_OVERRIDE", "logs belong to many accounts", _PAGE, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "its place in the logs may be kept in a folder of another user",
            _PAGE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    new_privileges=(NewPrivileges(False, _PAGE),),
    heap=(),
    grants=(
        Grant("volumes", "/var/log", "the logs of the host", _PAGE, instead="mount it read-only"),
        Grant(
            "volumes",
            "/var/lib/docker/containers",
            "the logs of containers",
            _PAGE,
            instead="mount it read-only",
        ),
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "finding containers",
            _DISCOVERY,
            instead="a socket proxy that allows only CONTAINERS and NETWORKS, named by `host` in the configuration",
        ),
    ),
)
