"""Node-RED.

It runs as `node-red` (uid 1000). The editor has no login until `adminAuth` is in
`/data/settings.js`, and its flows run any code in the container.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
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
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("node-red/node-red-docker@100a7256f58b, .docker/Dockerfile.alpine")
_ENTRYPOINT = derived("node-red/node-red-docker@100a7256f58b, .docker/scripts/entrypoint.sh")
_LAB = measured(
    "Node-RED 4.1.15 from npm on Node.js 20, read-only, as uid 1000 without capabilities"
)
_SECURITY = documented("nodered.org/docs/user-guide/runtime/securing-node-red")

FAMILY = Family(
    names=("nodered/node-red",),
    summary="Node-RED, event flows",
    holds_for="version 1 and later, on Debian and Alpine",
    programs=("npm", "node", "entrypoint.sh"),
    user=(User("node-red", _DOCKERFILE),),
    accounts=(Account("node-red", 1000, 1000, _DOCKERFILE),),
    steps_down=(),
    ports=(Port(1880, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/data", "flows, settings and nodes", _DOCKERFILE, kind="data"),
        Write(
            "/usr/src/node-red/.npm",
            "the cache of npm, which installs nodes",
            _DOCKERFILE,
            options=("mode=1777",),
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
        Capability("DAC_OVERRIDE", "its data belong to `node-red`", _DOCKERFILE, AS_ROOT),
        Capability(
            "SETGID", "npm works as the owner of the folder", _DOCKERFILE, AS_ROOT, at="operation"
        ),
        Capability(
            "SETUID", "npm works as the owner of the folder", _DOCKERFILE, AS_ROOT, at="operation"
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(
            True, _ENTRYPOINT, users=("1000:1000",), needs="`/data` has to belong to that user"
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            1880,
            "the editor, whose flows run any code, unless `settings.js` has `adminAuth`",
            _SECURITY,
        ),
    ),
    grants=(),
)
