"""Plex Media Server.

s6 starts as root, changes the account `plex` to `PLEX_UID` and gives it the folders; the
server runs as that account. Without `PLEX_CLAIM`, the first visitor from the same network
claims the server.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Volume,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("plexinc/pms-docker@1cef65e93a68, Dockerfile")
_FIRST_RUN = derived("plexinc/pms-docker@1cef65e93a68, root/etc/cont-init.d/40-plex-first-run")
_README = documented("plexinc/pms-docker@1cef65e93a68, README.md")

FAMILY = Family(
    names=("plexinc/pms-docker",),
    summary="Plex, a media server",
    holds_for="version 1.20 and later",
    programs=("init",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("s6-setuidgid", _FIRST_RUN, AS_ROOT),),
    ports=(
        Port(32400, "HTTP", _DOCKERFILE),
        Port(8324, "Plex Companion", _DOCKERFILE),
        Port(32469, "DLNA", _DOCKERFILE),
        Port(1900, "DLNA", _DOCKERFILE, protocol="udp"),
        Port(32410, "Plex discovery", _DOCKERFILE, protocol="udp"),
        Port(32412, "Plex discovery", _DOCKERFILE, protocol="udp"),
        Port(32413, "Plex discovery", _DOCKERFILE, protocol="udp"),
        Port(32414, "Plex discovery", _DOCKERFILE, protocol="udp"),
    ),
    volumes=(Volume("/config", _DOCKERFILE), Volume("/transcode", _DOCKERFILE)),
    capabilities=(
        Capability("CHOWN", "the set-up gives the folders to `plex`", _FIRST_RUN, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the set-up writes to folders of `plex`",
            _FIRST_RUN,
            AS_ROOT,
            at="restart",
        ),
        Capability("FOWNER", "s6 changes the mode of folders of `plex`", _FIRST_RUN, AS_ROOT),
        Capability(
            "KILL", "s6 stops the server, which runs as `plex`", _FIRST_RUN, AS_ROOT, at="operation"
        ),
        Capability("SETGID", "s6 switches the group", _FIRST_RUN, AS_ROOT),
        Capability("SETUID", "s6 switches the user", _FIRST_RUN, AS_ROOT),
    ),
    read_only=(
        ReadOnly(
            False,
            _FIRST_RUN,
            why="the set-up writes `/.firstRunComplete` and changes `/etc/passwd`",
        ),
    ),
    new_privileges=(NewPrivileges(False, _FIRST_RUN),),
    other_user=(
        OtherUser(False, _FIRST_RUN, needs="it needs root; `PLEX_UID` sets the user of the server"),
    ),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "devices",
            "/dev/dri",
            "converting on the graphics card",
            _README,
            instead="only the `renderD` device",
        ),
        Grant(
            "network_mode",
            "host",
            "finding players in the network",
            _README,
            instead="port 32400, with `ADVERTISE_IP`",
        ),
    ),
)
