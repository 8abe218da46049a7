"""The registry of the Distribution project.

It starts and works as root, and writes to its storage only. There is no login and no
TLS until the configuration says so: anyone who reaches the port can replace every
image.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    Memory,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Volume,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("distribution/distribution-library-image@a829ed8cbcd8, Dockerfile")
_PAGE = documented("distribution.github.io/distribution, deploying a registry server")
_LAB = measured(
    "stand-in of registry:2.8 with Debian 13's docker-registry 2.8.3, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("registry",),
    summary="a registry of container images",
    holds_for="versions 2 and 3",
    programs=("registry", "serve", "config.yml"),
    user=(User("root", _DOCKERFILE),),
    accounts=(),
    steps_down=(),
    ports=(Port(5000, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/var/lib/registry", _DOCKERFILE),),
    writes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="`/var/lib/registry` has to belong to that user"),
    ),
    memory=(Memory("16m", _LAB, processes=8, load="400 slow clients"),),
    heap=(),
    open_ports=(
        OpenPort(
            5000,
            "every image, to read and to replace",
            _PAGE,
            closed_by=(
                "REGISTRY_AUTH",
                "REGISTRY_AUTH_HTPASSWD_PATH",
                "REGISTRY_AUTH_TOKEN_REALM",
                "REGISTRY_CONFIGURATION_PATH",
                ".yml",
                ".yaml",
                "/etc/docker/registry",
                "/etc/distribution",
            ),
        ),
    ),
    grants=(),
)
