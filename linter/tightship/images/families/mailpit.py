"""Mailpit.

It is a single program, and runs as root unless `user:` changes that. It accepts every
mail and shows it to everyone; without `MP_DATABASE` it keeps the mails in a temporary
file.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("axllent/mailpit@408b30d59709, Dockerfile")
_ROOT = derived("axllent/mailpit@408b30d59709, cmd/root.go")

FAMILY = Family(
    names=("axllent/mailpit", "ghcr.io/axllent/mailpit"),
    summary="Mailpit, a mail server for tests, with a web inbox",
    holds_for="version 1",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(1025, "SMTP", _DOCKERFILE),
        Port(1110, "POP3", _DOCKERFILE),
        Port(8025, "HTTP", _DOCKERFILE),
    ),
    volumes=(),
    writes=(Write("/tmp", "the mails, if no database is named", _ROOT),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _ROOT,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _ROOT),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True, _DOCKERFILE, needs="a database file, if one is named, has to belong to that user"
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            8025,
            "every mail, to read and delete",
            _ROOT,
            closed_by=("MP_UI_AUTH", "MP_UI_AUTH_FILE", "--ui-auth-file"),
        ),
    ),
    grants=(),
)
