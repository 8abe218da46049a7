"""MailHog.

It runs as `mailhog` (uid 1000), keeps mails in memory and shows them to everyone. It is
no longer maintained; Mailpit replaces it.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
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

_DOCKERFILE = derived("mailhog/MailHog@e6fa06877ef6, Dockerfile")
_LOGIN = documented("mailhog/MailHog@e6fa06877ef6, docs/Auth.md")

FAMILY = Family(
    names=("mailhog/mailhog",),
    summary="MailHog, a mail server for tests, with a web inbox",
    holds_for="version 1",
    user=(User("mailhog", _DOCKERFILE),),
    accounts=(Account("mailhog", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(1025, "SMTP", _DOCKERFILE), Port(8025, "HTTP", _DOCKERFILE)),
    volumes=(),
    writes=(Write("/tmp", "mails, if they are kept in files", _DOCKERFILE, optional=True),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "mails in a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(True, _DOCKERFILE),),
    heap=(),
    open_ports=(
        OpenPort(
            8025, "every mail, to read and delete", _LOGIN, closed_by=("MH_AUTH_FILE", "-auth-file")
        ),
    ),
    grants=(),
)
