"""cAdvisor.

It starts and works as root and reads the host through five mounts. Its pages show every
container and process of the host to anyone who reaches them.
"""

from __future__ import annotations

from tightship.images.facts import (
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("google/cadvisor@6a0c4f2539a8, deploy/Dockerfile")
_PAGE = documented("google/cadvisor@6a0c4f2539a8, docs/running.md")
_LOGIN = documented("google/cadvisor@6a0c4f2539a8, docs/web.md")
_READ_ONLY = "mount it read-only"

FAMILY = Family(
    names=("gcr.io/cadvisor/cadvisor", "ghcr.io/google/cadvisor", "google/cadvisor"),
    summary="cAdvisor, metrics of containers",
    holds_for="0.30 and later",
    programs=("cadvisor",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    volumes=(),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(OtherUser(False, _PAGE, needs="it needs root, which can read all measured files"),),
    heap=(),
    open_ports=(
        OpenPort(
            8080,
            "the containers and processes of the host",
            _LOGIN,
            closed_by=("--http_auth_file", "--http_digest_file"),
        ),
    ),
    grants=(
        Grant("volumes", "/", "the file systems of the host", _PAGE, instead=_READ_ONLY),
        Grant("volumes", "/var/run", "the sockets of Docker and containerd", _PAGE),
        Grant("volumes", "/sys", "the control groups", _PAGE, instead=_READ_ONLY),
        Grant("volumes", "/var/lib/docker", "the sizes of containers", _PAGE, instead=_READ_ONLY),
        Grant("volumes", "/dev/disk", "the names of disks", _PAGE, instead=_READ_ONLY),
        Grant(
            "devices",
            "/dev/kmsg",
            "containers that ran out of memory",
            _PAGE,
            instead="remove it if you do not need these events",
        ),
        Grant(
            "privileged",
            "true",
            "metrics of each process, and hosts with SELinux",
            _PAGE,
            instead="leave it out, and read `/dev/kmsg` through `devices`",
        ),
    ),
)
