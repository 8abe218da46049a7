"""spiped, an encrypted tunnel between two sockets.

It starts as root, and reads its key from the folder that is its volume. Its flags
decide what else it needs.
"""

from __future__ import annotations

from tightship.images.facts import NewPrivileges, User, Volume, derived
from tightship.images.family import Family

_DOCKERFILE = derived("TimWolla/docker-spiped@f7100845a437, 1.6/Dockerfile")

FAMILY = Family(
    names=("spiped",),
    summary="spiped, an encrypted tunnel between two sockets",
    holds_for="1.6",
    programs=("spiped",),
    user=(User("root", _DOCKERFILE),),
    volumes=(Volume("/spiped", _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    grants=(),
)
