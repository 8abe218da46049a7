"""Ghost.

The entrypoint starts as root, gives the content folder to `node` and continues as that
account. With `user: node` it skips those steps and needs no capability. In production
Ghost wants MySQL; without a configured one it does not start.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    Content,
    NewPrivileges,
    OtherUser,
    Port,
    StepDown,
    User,
    Volume,
    derived,
    measured,
)
from tightship.images.family import Family

_REPOSITORY = "TryGhost/docker-library-ghost@bc5d011df043"
_DOCKERFILE = derived(f"{_REPOSITORY}, 6/bookworm/Dockerfile")
_ENTRYPOINT = derived(f"{_REPOSITORY}, 6/bookworm/docker-entrypoint.sh")
_ALPINE = derived(f"{_REPOSITORY}, 6/alpine3.23/docker-entrypoint.sh")
_NODE = derived("nodejs/docker-node@bc0a422bce0f, 22/bookworm-slim/Dockerfile")
_LAB = measured("stand-in of ghost:5 with Debian 13's nodejs 20.19.2, Docker Engine 26.1.5")

FAMILY = Family(
    names=("ghost",),
    summary="Ghost, a platform for blogs and newsletters",
    holds_for="4 and later, on Debian and Alpine",
    programs=("node",),
    user=(User("root", _DOCKERFILE),),
    accounts=(Account("node", 1000, 1000, _NODE),),
    steps_down=(
        StepDown("gosu", _ENTRYPOINT, AS_ROOT, tags("!alpine")),
        StepDown("su-exec", _ALPINE, AS_ROOT, tags("alpine")),
    ),
    ports=(Port(2368, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/var/lib/ghost/content", _DOCKERFILE),),
    contents=(Content("/var/lib/ghost/current", "the program itself", _DOCKERFILE),),
    capabilities=(
        Capability(
            "CHOWN",
            "the entrypoint gives the content folder to `node`, where it belongs to another",
            _LAB,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "DAC_OVERRIDE",
            "the entrypoint scans the content folder, parts of which may be private",
            _ENTRYPOINT,
            AS_ROOT,
            at="operation",
        ),
        Capability("SETGID", "gosu switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "gosu switches the user", _LAB, AS_ROOT),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _LAB, users=("node", "1000", "1000:1000", "node:node")),),
    heap=(),
    open_ports=(),
    grants=(),
)
