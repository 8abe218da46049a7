"""Dozzle.

A single program without a shell. It runs as root, the owner of the Docker socket, and shows
the logs of all containers to everyone, unless `DOZZLE_AUTH_PROVIDER` is set.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, mounted
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("amir20/dozzle@ca4cab8cb893, Dockerfile")
_README = documented("amir20/dozzle@ca4cab8cb893, README.md")
_LOGIN = documented("amir20/dozzle@ca4cab8cb893, docs/guide/authentication.md")

FAMILY = Family(
    names=("amir20/dozzle", "ghcr.io/amir20/dozzle"),
    summary="Dozzle, a log viewer",
    holds_for="version 4 and later",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(8080, "HTTP", _DOCKERFILE),),
    volumes=(),
    writes=(
        Write("/data", "users and settings, if there are any", _README, kind="data", optional=True),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and `/data` may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            mounted("/data"),
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(True, _DOCKERFILE, needs="that user has to be in the group of the Docker socket"),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            8080,
            "the logs of all containers",
            _LOGIN,
            closed_by=("DOZZLE_AUTH_PROVIDER", "--auth-provider", "DOZZLE_USERNAME", "--username"),
        ),
    ),
    grants=(
        Grant(
            "volumes",
            "/var/run/docker.sock",
            "the list of containers and their logs",
            _README,
            instead="a socket proxy that allows only CONTAINERS, EVENTS and INFO, named by `DOZZLE_REMOTE_HOST`",
        ),
    ),
)
