"""Vaultwarden.

It starts and works as root unless `user:` changes that; no step of its start needs
root. It writes nothing but `/data`. Everybody can sign up unless `SIGNUPS_ALLOWED` is
`false`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, variable
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("dani-garcia/vaultwarden@46d71107f509, docker/Dockerfile.debian")
_START = derived("dani-garcia/vaultwarden@46d71107f509, docker/start.sh")
_TEMPLATE = documented("dani-garcia/vaultwarden@46d71107f509, .env.template")

FAMILY = Family(
    names=("vaultwarden/server", "ghcr.io/dani-garcia/vaultwarden"),
    summary="Vaultwarden, a password server",
    holds_for="version 1.20 and later, on Debian and Alpine",
    programs=("start.sh", "vaultwarden"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(Write("/tmp", "temporary files", _DOCKERFILE, optional=True),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _START),),
    new_privileges=(NewPrivileges(False, _START),),
    other_user=(OtherUser(True, _START, needs="`/data` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(80, "the administration page", _TEMPLATE, variable("DISABLE_ADMIN_TOKEN", "true")),
    ),
    grants=(),
)
