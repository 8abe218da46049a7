"""Gitea.

There are two images: the usual tags start s6 and OpenSSH as root and run Gitea as `git`
with su-exec; the `-rootless` tags run everything as uid 1000, with SSH on port 2222 and
other folders. Neither can use the data of the other.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags
from tightship.images.facts import (
    Account,
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
    documented,
)
from tightship.images.family import Family

_ROOTFUL = tags("!rootless")
_ROOTLESS = tags("rootless")
_DOCKERFILE = derived("go-gitea/gitea@03173b39ec92, Dockerfile")
_ENTRYPOINT = derived("go-gitea/gitea@2c52a89da0df, docker/root/usr/bin/entrypoint")
_PAGE = documented("docs.gitea.com/1.27/installation/install-with-docker-rootless")

FAMILY = Family(
    names=("gitea/gitea", "docker.gitea.com/gitea"),
    summary="Gitea, a Git service",
    holds_for="version 1.14 and later, with and without `-rootless`",
    programs=("s6-svscan", "gitea"),
    user=(User("root", _DOCKERFILE, _ROOTFUL), User("1000", _PAGE, _ROOTLESS)),
    accounts=(Account("git", 1000, 1000, _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, _ROOTFUL),),
    ports=(
        Port(3000, "HTTP", _PAGE),
        Port(22, "SSH", _DOCKERFILE, _ROOTFUL),
        Port(2222, "SSH", _PAGE, _ROOTLESS),
    ),
    volumes=(
        Volume("/data", _DOCKERFILE, _ROOTFUL),
        Volume("/var/lib/gitea", _PAGE, _ROOTLESS),
        Volume("/etc/gitea", _PAGE, _ROOTLESS),
    ),
    writes=(Write("/tmp", "uploads and repositories that are being made", _PAGE, _ROOTLESS),),
    capabilities=(
        Capability("CHOWN", "the set-up gives the data to `git`", _ENTRYPOINT, _ROOTFUL, AS_ROOT),
        Capability(
            "DAC_OVERRIDE", "the set-up works on folders of `git`", _ENTRYPOINT, _ROOTFUL, AS_ROOT
        ),
        Capability(
            "FOWNER",
            "the set-up changes the mode of folders of `git`",
            _ENTRYPOINT,
            _ROOTFUL,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "KILL",
            "s6 stops Gitea, which runs as `git`",
            _ENTRYPOINT,
            _ROOTFUL,
            AS_ROOT,
            at="operation",
        ),
        Capability(
            "SETGID", "su-exec and OpenSSH switch the group", _ENTRYPOINT, _ROOTFUL, AS_ROOT
        ),
        Capability("SETUID", "su-exec and OpenSSH switch the user", _ENTRYPOINT, _ROOTFUL, AS_ROOT),
        Capability(
            "SYS_CHROOT",
            "OpenSSH puts each connection into an empty folder",
            _DOCKERFILE,
            _ROOTFUL,
            AS_ROOT,
            at="operation",
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            _ROOTFUL,
            why="the set-up writes the settings of OpenSSH to `/etc/ssh`",
        ),
        ReadOnly(True, _PAGE, _ROOTLESS),
    ),
    new_privileges=(NewPrivileges(False, _ENTRYPOINT),),
    other_user=(
        OtherUser(False, _ENTRYPOINT, _ROOTFUL, needs="use a `-rootless` tag, and move the data"),
        OtherUser(
            True,
            _PAGE,
            _ROOTLESS,
            users=("1000:1000",),
            needs="both volumes have to belong to that user",
        ),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
