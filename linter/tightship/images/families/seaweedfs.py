"""SeaweedFS.

It is one program with many roles; the first word of the command selects the role. New
images start as root, give `/data` to `seaweed` and continue as that account; old ones
stay root. No role asks for a login by default, and every role trusts the others.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, program, tags
from tightship.images.facts import (
    Capability,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    StepDown,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("seaweedfs/seaweedfs@cc8364a03ebf, docker/Dockerfile.go_build")
_ENTRYPOINT = derived("seaweedfs/seaweedfs@cc8364a03ebf, docker/entrypoint.sh")
_SECURITY = documented("seaweedfs/seaweedfs wiki, Security Overview")

FAMILY = Family(
    names=("chrislusf/seaweedfs", "ghcr.io/seaweedfs/seaweedfs"),
    summary="SeaweedFS, a file and object store",
    holds_for="version 3 and later",
    programs=("master", "volume", "server", "filer", "s3", "mini", "weed"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT, tags(">=4")),),
    ports=(
        Port(9333, "HTTP", _DOCKERFILE, program("master", "server", "mini")),
        Port(19333, "gRPC", _DOCKERFILE, program("master", "server", "mini")),
        Port(8080, "HTTP", _DOCKERFILE, program("volume", "server", "mini")),
        Port(18080, "gRPC", _DOCKERFILE, program("volume", "server", "mini")),
        Port(8888, "HTTP", _DOCKERFILE, program("filer", "mini")),
        Port(18888, "gRPC", _DOCKERFILE, program("filer", "mini")),
        Port(8333, "HTTP", _DOCKERFILE, program("s3", "mini")),
    ),
    volumes=(Volume("/data", _DOCKERFILE),),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives `/data` to `seaweed`", _ENTRYPOINT, AS_ROOT),
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
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/data` has to belong to that user"),),
    heap=(),
    open_ports=(
        OpenPort(
            9333,
            "the cluster, to read and to change",
            _SECURITY,
            program("master", "server", "mini"),
        ),
        OpenPort(
            8080,
            "every file by its number, to read and write",
            _SECURITY,
            program("volume", "server", "mini"),
            closed_by=("WEED_JWT_SIGNING_KEY",),
        ),
        OpenPort(
            8888,
            "every file, to read, write and delete",
            _SECURITY,
            program("filer", "mini"),
            closed_by=("WEED_JWT_FILER_SIGNING_KEY",),
        ),
        OpenPort(
            8333,
            "every bucket",
            _SECURITY,
            program("s3"),
            closed_by=("-config", "-s3.config", "AWS_ACCESS_KEY_ID"),
        ),
    ),
    grants=(),
)
