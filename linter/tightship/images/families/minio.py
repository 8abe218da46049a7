"""MinIO.

It starts and works as root unless `user:` changes that, or `MINIO_USERNAME` and
`MINIO_GROUPNAME` let the entrypoint switch to another account. Without
`MINIO_ROOT_USER` and `MINIO_ROOT_PASSWORD`, the login is the well-known `minioadmin`
with the password `minioadmin`.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, variable
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

_DOCKERFILE = derived("minio/minio@7aac2a2c5b7c, Dockerfile.release")
_ENTRYPOINT = derived("minio/minio@7aac2a2c5b7c, dockerscripts/docker-entrypoint.sh")
_OTHER_ACCOUNT = (variable("MINIO_USERNAME"), variable("MINIO_GROUPNAME"))

FAMILY = Family(
    names=("minio/minio", "quay.io/minio/minio"),
    summary="MinIO, an S3-compatible object store",
    holds_for="the releases since 2022",
    programs=("minio", "server"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("chroot", _ENTRYPOINT, AS_ROOT, *_OTHER_ACCOUNT),),
    ports=(Port(9000, "HTTP", _DOCKERFILE),),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(
        Write("/root/.minio", "the folder of its certificates", _DOCKERFILE, AS_ROOT),
        Write("/tmp", "the settings of `mc`, which health checks use", _DOCKERFILE),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "SETGID", "the entrypoint switches the group", _ENTRYPOINT, AS_ROOT, *_OTHER_ACCOUNT
        ),
        Capability(
            "SETUID", "the entrypoint switches the user", _ENTRYPOINT, AS_ROOT, *_OTHER_ACCOUNT
        ),
        Capability(
            "SYS_CHROOT",
            "the entrypoint switches with chroot",
            _ENTRYPOINT,
            AS_ROOT,
            *_OTHER_ACCOUNT,
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            *_OTHER_ACCOUNT,
            why="the entrypoint adds the account to `/etc/passwd`",
        ),
        ReadOnly(True, _DOCKERFILE),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(True, _ENTRYPOINT, needs="the data directory has to belong to that user"),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
