"""Vault.

The entrypoint starts as root, gives the program the file capability `IPC_LOCK`, so that
its memory is never swapped to disk, and continues as `vault`. `SKIP_SETCAP` leaves that
out; the configuration then has to have `disable_mlock`. dumb-init stays root: without
`KILL` it cannot forward the stop signal.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags, variable
from tightship.images.facts import (
    Account,
    Capability,
    Grant,
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

_DOCKERFILE = derived("hashicorp/docker-vault@ed323958b3c6, 0.X/Dockerfile")
_ENTRYPOINT = derived("hashicorp/docker-vault@ed323958b3c6, 0.X/docker-entrypoint.sh")
_PAGE = documented("docker-library/docs@c4a9ba414434, vault/content.md")
_SKIPPED = variable("SKIP_SETCAP")

FAMILY = Family(
    names=("hashicorp/vault", "vault"),
    summary="Vault, a secret store",
    holds_for="0.9 and later",
    programs=("vault", "server", "agent", "proxy"),
    user=(User("root", _DOCKERFILE, tags("!ubi")),),
    accounts=(Account("vault", 100, 1000, _DOCKERFILE, tags("!ubi")),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(Port(8200, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/vault/logs", _DOCKERFILE), Volume("/vault/file", _DOCKERFILE)),
    writes=(),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives its folders to `vault` if they belong to another user",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint works in folders of the host that it may not read",
            _ENTRYPOINT,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
        Capability("IPC_LOCK", "keeping secrets out of the swap space", _PAGE, at="operation"),
        Capability(
            "KILL",
            "dumb-init, as root, passes signals on to the server of `vault`",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "SETFCAP",
            "the entrypoint gives the program a file capability",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "su-exec switches the group", _ENTRYPOINT, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _ENTRYPOINT, AS_ROOT),
    ),
    read_only=(
        ReadOnly(True, _ENTRYPOINT, _SKIPPED),
        ReadOnly(
            False,
            _ENTRYPOINT,
            why="the entrypoint gives the program a file capability, unless `SKIP_SETCAP` is set",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT, _SKIPPED),),
    other_user=(
        OtherUser(
            True,
            _ENTRYPOINT,
            users=("100:1000",),
            needs="`SKIP_SETCAP` has to be set, what is in `/vault/file` and `/vault/logs`"
            " has to belong to that user, and the configuration needs `disable_mlock`",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "cap_add",
            "IPC_LOCK",
            "keeping secrets out of the swap space",
            _PAGE,
            instead="on a machine without swap space, `disable_mlock` in the"
            " configuration and `SKIP_SETCAP`",
        ),
    ),
)
