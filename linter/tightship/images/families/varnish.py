"""Varnish.

It starts as `varnish` (before 7.4, as root). The configuration is compiled to a shared
library in the work folder, and loaded from there: a `tmpfs` there needs `exec`. The
cache is separate memory, in addition to that of the process: the limit has to leave
room for `VARNISH_SIZE`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("varnish/docker-varnish@eb60dff6f8f8, fresh/debian/Dockerfile")
_ENTRYPOINT = derived(
    "varnish/docker-varnish@eb60dff6f8f8, fresh/debian/scripts/docker-varnish-entrypoint"
)
_MANUAL = documented("varnishd(1), jail, and varnish-cli(7)")
_JAIL = "started as root, the manager drops the privileges of its child"
_LAB = measured("stand-in of varnish:7.7 with Debian 13's varnish 7.7.0, Docker Engine 26.1.5")

FAMILY = Family(
    names=("varnish",),
    summary="Varnish, an HTTP cache",
    holds_for="6.0 and later",
    programs=("varnishd",),
    user=(User("varnish", _DOCKERFILE, tags("fresh")), User("varnish", _DOCKERFILE, tags(">=7.4"))),
    accounts=(Account("varnish", 1000, 1000, _DOCKERFILE, tags(">=9")),),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE), Port(8443, "HTTP after the PROXY protocol", _ENTRYPOINT)),
    volumes=(),
    writes=(
        Write(
            "/var/lib/varnish",
            "the compiled configuration and the shared log",
            _LAB,
            options=("mode=1777", "exec"),
        ),
        Write("/tmp", "temporary files of the compiler", _MANUAL, optional=True),
    ),
    capabilities=(
        Capability("CHOWN", _JAIL, _MANUAL, AS_ROOT, at="operation"),
        Capability("DAC_OVERRIDE", _JAIL, _MANUAL, AS_ROOT, at="operation"),
        Capability("FOWNER", _JAIL, _MANUAL, AS_ROOT, at="operation"),
        Capability("KILL", _JAIL, _MANUAL, AS_ROOT, at="operation"),
        Capability("SETGID", _JAIL, _MANUAL, AS_ROOT, at="operation"),
        Capability("SETUID", _JAIL, _MANUAL, AS_ROOT, at="operation"),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    memory=(
        # Transient objects have no bound by default (varnishd(1), storage backend).
        Memory(
            "32m",
            _LAB,
            processes=217,
            grows=True,
            bound="`-s Transient=malloc,SIZE`, in addition to `VARNISH_SIZE`,",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
