"""Memos.

New images start as root, give the data to `MEMOS_UID` (10001) and continue as that account;
old ones stay root. The first visitor becomes the administrator.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("usememos/memos@76a762924306, scripts/Dockerfile")
_ENTRYPOINT = derived("usememos/memos@76a762924306, scripts/entrypoint.sh")

FAMILY = Family(
    names=("neosmemo/memos", "ghcr.io/usememos/memos"),
    summary="Memos, a note-taking app",
    holds_for="version 0.18 and later",
    programs=("memos",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(5230, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/var/opt/memos", _DOCKERFILE),),
    writes=(Write("/tmp", "uploads", _DOCKERFILE, optional=True),),
    capabilities=(
        Capability(
            "CHOWN", "the entrypoint gives the data to the account of Memos", _ENTRYPOINT, AS_ROOT
        ),
        Capability(
            "DAC_OVERRIDE",
            "root scans and writes to data of another account",
            _ENTRYPOINT,
            AS_ROOT,
            at="restart",
        ),
        Capability("SETGID", "su-exec switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(ReadOnly(True, _ENTRYPOINT),),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/var/opt/memos` has to belong to that user"),),
    heap=(),
    open_ports=(),
    grants=(),
)
