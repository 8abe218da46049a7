"""The Pushgateway of Prometheus, which keeps metrics of short jobs."""

from __future__ import annotations

from tightship.images.facts import OpenPort, Port, User, documented
from tightship.images.family import Family

_README = documented("prometheus/pushgateway, README.md")

FAMILY = Family(
    names=("prom/pushgateway", "quay.io/prometheus/pushgateway"),
    summary="the Pushgateway of Prometheus",
    holds_for="version 1",
    programs=("pushgateway",),
    user=(User("nobody", _README),),
    ports=(Port(9091, "HTTP", _README),),
    heap=(),
    open_ports=(
        OpenPort(
            9091, "metrics, to read, push and delete", _README, closed_by=("--web.config.file",)
        ),
    ),
    grants=(),
)
