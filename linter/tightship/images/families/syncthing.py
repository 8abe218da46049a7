"""Syncthing.

It starts as root, gives its home to `PUID` (1000) and continues as that account. `PCAP` sets
file capabilities on the program, which needs `SETFCAP` and these capabilities. The pages
are reachable from everywhere and have no password until one is set in them.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, variable
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
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("syncthing/syncthing@328d910aee82, Dockerfile")
_ENTRYPOINT = derived("syncthing/syncthing@328d910aee82, script/docker-entrypoint.sh")
_PCAP = variable("PCAP")
_LAB = measured(
    "stand-in of syncthing/syncthing:1.29 with Debian 13's syncthing 1.29.5, Docker Engine 26.1.5"
)

FAMILY = Family(
    names=("syncthing/syncthing", "ghcr.io/syncthing/syncthing"),
    summary="Syncthing, which synchronises folders",
    holds_for="version 1.4 and later",
    programs=("syncthing", "serve"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("su-exec", _ENTRYPOINT, AS_ROOT),),
    ports=(
        Port(8384, "HTTP", _DOCKERFILE),
        Port(22000, "Syncthing", _DOCKERFILE),
        Port(22000, "Syncthing", _DOCKERFILE, protocol="udp"),
        Port(21027, "Syncthing's discovery", _DOCKERFILE, protocol="udp"),
    ),
    volumes=(Volume("/var/syncthing", _DOCKERFILE),),
    writes=(Write("/tmp", "temporary files", _DOCKERFILE, CONFIGURED),),
    capabilities=(
        Capability("CHOWN", "the entrypoint gives its home to `PUID`", _LAB, AS_ROOT),
        Capability("SETGID", "su-exec switches the group", _LAB, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", _LAB, AS_ROOT),
        Capability("FOWNER", "`PCAP` usually gives it to the program", _ENTRYPOINT, AS_ROOT, _PCAP),
        Capability(
            "SETFCAP",
            "the entrypoint sets the capabilities of `PCAP` on the program",
            _ENTRYPOINT,
            AS_ROOT,
            _PCAP,
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _ENTRYPOINT,
            _PCAP,
            why="the entrypoint sets the capabilities of `PCAP` on the program",
        ),
        ReadOnly(True, _LAB),
    ),
    new_privileges=(
        NewPrivileges(
            True,
            _ENTRYPOINT,
            _PCAP,
            why="the program has the capabilities of `PCAP` as file capabilities",
        ),
        NewPrivileges(False, _LAB),
    ),
    other_user=(OtherUser(True, _ENTRYPOINT, needs="`/var/syncthing` has to belong to that user"),),
    heap=(),
    grants=(),
)
