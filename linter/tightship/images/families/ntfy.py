"""ntfy.

It is a single program, and runs as root unless `user:` changes that. Anyone who reaches
the port reads and writes every topic, unless `NTFY_AUTH_DEFAULT_ACCESS` or its
`server.yml` changes that.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, mounted
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("binwiederhier/ntfy@81a486adc11f, Dockerfile")
_PAGE = documented("binwiederhier/ntfy@81a486adc11f, docs/install.md")

FAMILY = Family(
    names=("binwiederhier/ntfy",),
    summary="ntfy, a notification server",
    holds_for="version 1 and 2",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write(
            "/var/cache/ntfy",
            "messages and attachments, if they are kept",
            _PAGE,
            kind="data",
            optional=True,
        ),
        Write("/var/lib/ntfy", "users, if there are any", _PAGE, kind="data", optional=True),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(
        ReadOnly(True, _PAGE, mounted("/var/cache/ntfy")),
        ReadOnly(True, _PAGE, mounted("/var/lib/ntfy")),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(True, _PAGE, needs="the messages and users have to belong to that user"),
    ),
    heap=(),
    grants=(),
)
