"""cloudflared, the tunnel of Cloudflare.

It is a single program without a shell. It runs as uid 65532, writes nothing and needs
no port, because it connects to Cloudflare. That uid has to be able to read a file with
credentials.
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
            needs="that user has to be able to read the credentials, if there are any",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
