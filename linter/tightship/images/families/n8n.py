"""n8n.

It runs as `node` (uid 1000), and a bind mount at `/home/node/.n8n` has to belong to
that user. In addition to its data it writes the pages of the editor to `~/.cache` at
each start. The first visitor becomes the owner.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
)
from tightship.images.family import Family

_DOCKERFILE = derived("n8n-io/n8n@003abfdc4f53, docker/images/n8n/Dockerfile")

FAMILY = Family(
    names=("n8nio/n8n", "docker.n8n.io/n8nio/n8n"),
    summary="n8n, workflow automation",
    holds_for="version 1 and later",
    programs=("n8n", "start", "worker", "webhook"),
    user=(User("node", _DOCKERFILE),),
    accounts=(Account("node", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(5678, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write(
            "/home/node/.n8n",
            "settings, the SQLite database and the encryption key",
            _DOCKERFILE,
            kind="data",
        ),
        Write(
            "/home/node/.cache",
            "the pages of the editor, compiled at the start",
            _DOCKERFILE,
            options=("mode=1777",),
        ),
        Write(
            "/home/node/.npm",
            "the cache of npm, which installs community nodes",
            _DOCKERFILE,
            options=("mode=1777",),
            optional=True,
        ),
        Write("/tmp", "temporary files", _DOCKERFILE),
    ),
    capabilities=(
        Capability(
            "CHOWN",
            "npm gives what it installs to the owner of the folder",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
        Capability("DAC_OVERRIDE", "its data belong to `node`", _DOCKERFILE, AS_ROOT),
        Capability(
            "SETGID", "npm works as the owner of the folder", _DOCKERFILE, AS_ROOT, at="operation"
        ),
        Capability(
            "SETUID", "npm works as the owner of the folder", _DOCKERFILE, AS_ROOT, at="operation"
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            True,
            _DOCKERFILE,
            users=("1000:1000",),
            needs="`/home/node/.n8n` has to belong to that user",
        ),
    ),
    open_ports=(),
    grants=(),
)
