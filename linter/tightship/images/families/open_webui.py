"""Open WebUI.

It starts and works as root. The first visitor becomes the administrator;
`WEBUI_AUTH=False` opens it to everyone.
"""

from __future__ import annotations

from tightship.images.conditions import variable
from tightship.images.facts import OpenPort, Port, User, Write, documented
from tightship.images.family import Family

_PAGE = documented("docs.openwebui.com/getting-started/env-configuration")

FAMILY = Family(
    names=("ghcr.io/open-webui/open-webui",),
    summary="Open WebUI, a web interface for language models",
    holds_for="0.1 and later",
    programs=("start.sh", "bash"),
    user=(User("root", _PAGE),),
    ports=(Port(8080, "HTTP", _PAGE),),
    writes=(Write("/app/backend/data", "the database, uploads and models", _PAGE, kind="data"),),
    heap=(),
    open_ports=(
        OpenPort(
            8080,
            "the models and every conversation",
            _PAGE,
            variable("WEBUI_AUTH", "False", "false"),
        ),
    ),
    grants=(),
)
