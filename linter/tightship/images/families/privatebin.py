"""PrivateBin, with nginx and PHP-FPM.

It runs as `nobody` in group 82 and is made for a read-only root file system: it writes
only to volumes. A tmpfs at `/run` needs `exec`, since services are started there.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("PrivateBin/docker-nginx-fpm-alpine@50f330ac1140, Dockerfile")
_README = documented("PrivateBin/docker-nginx-fpm-alpine@50f330ac1140, README.md")

FAMILY = Family(
    names=(
        "privatebin/nginx-fpm-alpine",
        "privatebin/fs",
        "privatebin/pdo",
        "privatebin/s3",
        "privatebin/gcs",
    ),
    summary="PrivateBin, an encrypted pastebin",
    holds_for="version 1.3 and later",
    programs=("rc.local",),
    user=(User("65534:82", _DOCKERFILE),),
    accounts=(Account("nobody", 65534, 82, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    volumes=(
        Volume("/run", _DOCKERFILE),
        Volume("/srv/data", _DOCKERFILE),
        Volume("/tmp", _DOCKERFILE),
        Volume("/var/lib/nginx/tmp", _DOCKERFILE),
    ),
    writes=(),
    capabilities=(Capability("DAC_OVERRIDE", "its data belong to `nobody`", _DOCKERFILE, AS_ROOT),),
    read_only=(ReadOnly(True, _README),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(),
)
