"""Grafana.

Since 5.1 it runs as uid 472 (group 0 since 7.3), and a bind mount at `/var/lib/grafana`
has to be writable for it. Many projects set `user: "0"` for that; a named volume does
not need it. The first login is `admin` with the password `admin`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_RUN = derived("grafana/grafana@07754534fbaf, packaging/docker/run.sh")
_PAGE = documented("grafana.com/docs/grafana/latest/setup-grafana/configure-docker")

FAMILY = Family(
    names=("grafana/grafana", "grafana/grafana-oss", "grafana/grafana-enterprise"),
    summary="Grafana, dashboards of metrics and logs",
    holds_for="version 5.1 and later",
    programs=("grafana", "grafana-server", "run.sh"),
    user=(User("472", _PAGE, tags(">=5.1")),),
    accounts=(
        Account("grafana", 472, 0, _PAGE, tags(">=7.3")),
        Account("grafana", 472, 472, _PAGE, tags("<7.3")),
    ),
    steps_down=(),
    ports=(Port(3000, "HTTP", _PAGE),),
    volumes=(),
    writes=(
        Write(
            "/var/lib/grafana",
            "the database and plug-ins, which are run from there",
            _PAGE,
            kind="data",
        ),
        Write(
            "/var/log/grafana",
            "log files, if they are turned on",
            _PAGE,
            kind="log",
            options=("mode=1777",),
            optional=True,
        ),
        Write("/tmp", "the sockets of plug-ins", _PAGE),
        Write(
            "/usr/share/grafana/.aws",
            "credentials of AWS profiles",
            _RUN,
            variable("GF_AWS_PROFILES"),
            options=("mode=1777",),
        ),
    ),
    capabilities=(Capability("DAC_OVERRIDE", "its data may belong to uid 472", _PAGE, AS_ROOT),),
    read_only=(ReadOnly(True, _RUN),),
    new_privileges=(NewPrivileges(False, _RUN),),
    other_user=(OtherUser(True, _PAGE, needs="existing data has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(
            3000,
            "dashboards, read-only",
            _PAGE,
            variable("GF_AUTH_ANONYMOUS_ENABLED", "true", "True", "1"),
        ),
    ),
    grants=(),
)
