"""Odoo.

It starts and works as `odoo` and needs no capability. Attachments and sessions are in
`/var/lib/odoo`; reports are made in `/tmp`. Compose files often set `user: root` to
write to a folder of the host that belongs to another user: without `DAC_OVERRIDE`, root
cannot do that either.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("odoo/docker@f7f676535412, 19.0/Dockerfile")
_ENTRYPOINT = derived("odoo/docker@f7f676535412, 19.0/entrypoint.sh")

FAMILY = Family(
    names=("odoo",),
    summary="Odoo, business applications",
    holds_for="12 and later",
    programs=("odoo",),
    user=(User("odoo", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8069, "HTTP", _DOCKERFILE), Port(8072, "WebSocket", _DOCKERFILE)),
    volumes=(Volume("/var/lib/odoo", _DOCKERFILE), Volume("/mnt/extra-addons", _DOCKERFILE)),
    writes=(Write("/tmp", "reports and assets that are being made", _DOCKERFILE),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "root writes into the folders of `odoo`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _ENTRYPOINT),),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _DOCKERFILE, needs="`/var/lib/odoo` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
