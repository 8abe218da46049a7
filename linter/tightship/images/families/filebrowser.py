"""File Browser.

New images run as `user` (uid 1000) and keep settings and database in volumes; old ones run
as root. `--noauth` and `FB_NOAUTH` open all files to everyone. The first password is in
the log; old versions start with `admin` and `admin`.
"""

from __future__ import annotations

from tightship.images.conditions import flag, tags, variable
from tightship.images.facts import (
    Account,
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

_DOCKERFILE = derived("filebrowser/filebrowser@833d908884d5, Dockerfile")
_INIT = derived("filebrowser/filebrowser@833d908884d5, docker/alpine/init.sh")
_PAGE = documented("filebrowser.org/installation")
_NEW = (tags(">=2.40"), tags("!s6"))
_OPEN = "every file, to read, change and delete"

FAMILY = Family(
    names=("filebrowser/filebrowser",),
    summary="File Browser, a web interface for files",
    holds_for="2.40 and later, without `-s6`",
    programs=("init.sh",),
    user=(User("user", _DOCKERFILE, *_NEW),),
    accounts=(Account("user", 1000, 1000, _DOCKERFILE, *_NEW),),
    ports=(Port(80, "HTTP", _DOCKERFILE),),
    volumes=(
        Volume("/srv", _DOCKERFILE),
        Volume("/config", _DOCKERFILE, *_NEW),
        Volume("/database", _DOCKERFILE, *_NEW),
    ),
    writes=(Write("/tmp", "temporary files", _DOCKERFILE),),
    read_only=(ReadOnly(True, _INIT, *_NEW),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(True, _PAGE, *_NEW, needs="the three volumes have to belong to that user"),
    ),
    heap=(),
    open_ports=(
        OpenPort(80, _OPEN, _PAGE, flag("--noauth")),
        OpenPort(80, _OPEN, _PAGE, variable("FB_NOAUTH", "true", "1")),
    ),
    grants=(),
)
