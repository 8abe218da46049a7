"""The node exporter of Prometheus.

It runs as `nobody`, reads the host through a mount of `/` and writes nothing. It needs
the host's network and processes only for the metrics about them; with the host's
network, its port is reachable on every address of the host.
"""

from __future__ import annotations

from tightship.images.facts import (
    Account,
    Grant,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("prometheus/node_exporter@a7dcc3a01545, Dockerfile")
_README = documented("prometheus/node_exporter@a7dcc3a01545, README.md")
_LAB = measured(
    "stand-in of prom/node-exporter:v1.9.0 with Debian 13's prometheus-node-exporter 1.9.0,"
    " Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("prom/node-exporter", "quay.io/prometheus/node-exporter"),
    summary="the node exporter, metrics of the host",
    holds_for="version 1",
    programs=("node_exporter",),
    user=(User("nobody", _DOCKERFILE),),
    accounts=(Account("nobody", 65534, 65534, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(9100, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(),
    capabilities=(),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _DOCKERFILE),),
    memory=(Memory("16m", _LAB, processes=7, load="400 slow clients"),),
    heap=(),
    open_ports=(
        OpenPort(9100, "the metrics of the host", _README, closed_by=("--web.config.file",)),
    ),
    grants=(
        Grant(
            "network_mode",
            "host",
            "the network interfaces of the host",
            _README,
            instead="`--web.listen-address` with an address of the internal network",
        ),
        Grant(
            "pid",
            "host",
            "the processes of the host",
            _README,
            instead="leave it out if no collector of processes is enabled",
        ),
        Grant(
            "volumes",
            "/",
            "the file systems of the host, with `--path.rootfs`",
            _README,
            instead="mount it read-only with `rslave`",
        ),
    ),
)
