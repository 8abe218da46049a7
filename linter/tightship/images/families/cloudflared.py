"""cloudflared, the tunnel of Cloudflare.

One program without a shell as uid 65532, which writes nothing and needs no port: it
connects to Cloudflare. A file with credentials has to be readable for that uid.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OtherUser,
    ReadOnly,
    User,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("cloudflare/cloudflared@d1df7985bdf1, Dockerfile")

FAMILY = Family(
    names=("cloudflare/cloudflared",),
    summary="cloudflared, a tunnel to Cloudflare",
    holds_for="2022 and later",
    user=(User("65532:65532", _DOCKERFILE),),
    accounts=(Account("nonroot", 65532, 65532, _DOCKERFILE),),
    steps_down=(),
    ports=(),
    volumes=(),
    writes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "credentials in a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            needs="credentials, where there are any, have to be readable for that user",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
