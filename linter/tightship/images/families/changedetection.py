"""changedetection.io.

It starts and works as root, and can install `EXTRA_PACKAGES` at each start. There is no
password until one is set in its pages or by `SALTED_PASS`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, variable
from tightship.images.facts import Capability, NewPrivileges, Port, ReadOnly, User, Write, derived
from tightship.images.family import Family

_DOCKERFILE = derived("dgtlmoon/changedetection.io@fce24780e741, Dockerfile")
_ENTRYPOINT = derived("dgtlmoon/changedetection.io@fce24780e741, docker-entrypoint.sh")

FAMILY = Family(
    names=("ghcr.io/dgtlmoon/changedetection.io", "dgtlmoon/changedetection.io"),
    summary="changedetection.io, which watches web pages for changes",
    holds_for="0.45 and later",
    programs=("python", "python3"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(5000, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(Write("/datastore", "watches and copies of pages", _DOCKERFILE, kind="data"),),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            variable("EXTRA_PACKAGES"),
            why="the entrypoint installs `EXTRA_PACKAGES`",
        ),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    heap=(),
    grants=(),
)
