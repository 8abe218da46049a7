"""Paperless-ngx.

s6 starts as root, gives the folders to `paperless` (uid 1000, or `USERMAP_UID`) and runs
each service as that account. With `user:` it runs without root, but then neither
`USERMAP_UID` nor `PAPERLESS_OCR_LANGUAGES` may be set.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("paperless-ngx/paperless-ngx@b0e0e8a35373, Dockerfile")
_PAGE = documented("paperless-ngx/paperless-ngx@b0e0e8a35373, docs/setup.md")

FAMILY = Family(
    names=("ghcr.io/paperless-ngx/paperless-ngx", "paperlessngx/paperless-ngx"),
    summary="Paperless-ngx, a document archive",
    holds_for="version 2.15 and later",
    programs=("init",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("paperless", 1000, 1000, _DOCKERFILE),),
    steps_down=(StepDown("s6-setuidgid", _DOCKERFILE, AS_ROOT),),
    ports=(Port(8000, "HTTP", _DOCKERFILE),),
    volumes=(
        Volume("/usr/src/paperless/data", _DOCKERFILE),
        Volume("/usr/src/paperless/media", _DOCKERFILE),
        Volume("/usr/src/paperless/consume", _DOCKERFILE),
        Volume("/usr/src/paperless/export", _DOCKERFILE),
    ),
    capabilities=(
        Capability("CHOWN", "the set-up gives the folders to `paperless`", _DOCKERFILE, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the set-up works on folders of `paperless`",
            _DOCKERFILE,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER", "the set-up works on files of `paperless`", _DOCKERFILE, AS_ROOT, at="restart"
        ),
        Capability(
            "KILL", "s6 stops services of another account", _DOCKERFILE, AS_ROOT, at="operation"
        ),
        Capability("SETGID", "s6 switches the group", _DOCKERFILE, AS_ROOT),
        Capability("SETUID", "s6 switches the user", _DOCKERFILE, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _PAGE,
            variable("PAPERLESS_OCR_LANGUAGES"),
            why="it installs the languages of `PAPERLESS_OCR_LANGUAGES` at each start",
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _PAGE,
            needs="the four volumes have to belong to that user, without `USERMAP_UID` and `PAPERLESS_OCR_LANGUAGES`",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
