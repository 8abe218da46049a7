"""FreshRSS.

The entrypoint edits files of Apache, PHP and the time zone as root at each start, gives the
data to `www-data` and starts Apache, whose children work as that account. `CRON_MIN` also
starts cron.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("FreshRSS/FreshRSS@6c58b90518c3, Docker/Dockerfile")
_ENTRYPOINT = derived("FreshRSS/FreshRSS@6c58b90518c3, Docker/entrypoint.sh")
_README = documented("FreshRSS/FreshRSS@6c58b90518c3, Docker/README.md")

FAMILY = Family(
    names=("freshrss/freshrss", "ghcr.io/freshrss/freshrss"),
    summary="FreshRSS, a feed reader",
    holds_for="version 1.16 and later",
    programs=("apache2", "apache2ctl", "httpd"),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("www-data", 33, 33, _DOCKERFILE, tags("!alpine")),),
    steps_down=(StepDown("Apache", _DOCKERFILE, AS_ROOT),),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/var/www/FreshRSS/data", "the database, users and settings", _README, kind="data"),
        Write("/var/www/FreshRSS/extensions", "extensions", _README, kind="data"),
    ),
    capabilities=(
        Capability(
            "CHOWN", "the entrypoint gives the data to the group of Apache", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE", "the entrypoint works on data of `www-data`", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "FOWNER", "the entrypoint changes the mode of data of `www-data`", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "KILL",
            "Apache stops its children, which run as `www-data`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "the children of Apache switch their group", _DOCKERFILE, AS_ROOT),
        Capability("SETUID", "the children of Apache switch their user", _DOCKERFILE, AS_ROOT),
        Capability(
            "AUDIT_WRITE",
            "cron logs each run, which PAM may require",
            _ENTRYPOINT,
            AS_ROOT,
            variable("CRON_MIN"),
            at="operation",
        ),
    ),
    read_only=(
        ReadOnly(
            False, _ENTRYPOINT, why="the entrypoint edits files of Apache, PHP and the time zone"
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    open_ports=(),
    grants=(),
)
