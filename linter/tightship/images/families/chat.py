"""Servers for chats and voice: Rocket.Chat, TeamSpeak, ZNC and Eggdrop.

Rocket.Chat starts as its own account. The others start as root, give their data to
their own account and continue as that account. Their data folders are private, so root
has to be able to read them on a restart. Eggdrop keeps its data next to the files of
its image, and has to write there.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Account,
    Capability,
    NewPrivileges,
    Port,
    ReadOnly,
    Source,
    StepDown,
    User,
    Volume,
    derived,
)
from tightship.images.family import Family

_ROCKET_CHAT = derived("RocketChat/Docker.Official.Image@1c3e8bb69e9b, 8.5/Dockerfile")
_TEAMSPEAK = "TeamSpeak-Systems/teamspeak-linux-docker-images@e17fc2b95588, alpine"
_ZNC = "znc/znc-docker@079544b1c9bf, slim"
_EGGDROP = "eggheads/eggdrop-docker@4d59ce8afdc7, 1.10"


def _as_root(source: Source, account: str) -> tuple[Capability, ...]:
    """Return what an entrypoint needs that owns the data and switches to an account."""
    private = f"the entrypoint works in the data folder, which belongs to `{account}`"
    return (
        Capability("CHOWN", f"the entrypoint gives the data to `{account}`", source, AS_ROOT),
        Capability("DAC_OVERRIDE", private, source, AS_ROOT, at="operation"),
        Capability("FOWNER", private, source, AS_ROOT, at="operation"),
        Capability("SETGID", "su-exec switches the group", source, AS_ROOT),
        Capability("SETUID", "su-exec switches the user", source, AS_ROOT),
    )


def _teamspeak() -> Family:
    dockerfile, entrypoint = (
        derived(f"{_TEAMSPEAK}/Dockerfile"),
        derived(f"{_TEAMSPEAK}/entrypoint.sh"),
    )
    return Family(
        names=("teamspeak",),
        summary="TeamSpeak 3, a voice server",
        holds_for="3.x",
        programs=("ts3server",),
        user=(User("root", dockerfile),),
        accounts=(Account("ts3server", 9987, 9987, dockerfile),),
        steps_down=(StepDown("su-exec", entrypoint, AS_ROOT),),
        ports=(
            Port(9987, "voice", dockerfile, protocol="udp"),
            Port(10011, "ServerQuery, in the clear", dockerfile),
            Port(30033, "file transfer", dockerfile),
        ),
        volumes=(Volume("/var/ts3server", dockerfile),),
        capabilities=_as_root(entrypoint, "ts3server"),
        new_privileges=(NewPrivileges(False, entrypoint),),
        grants=(),
    )


def _znc() -> Family:
    dockerfile, entrypoint = (derived(f"{_ZNC}/Dockerfile"), derived(f"{_ZNC}/entrypoint.sh"))
    return Family(
        names=("znc",),
        summary="ZNC, an IRC bouncer",
        holds_for="1.7 and later",
        programs=("znc",),
        user=(User("root", dockerfile),),
        steps_down=(StepDown("su-exec", entrypoint, AS_ROOT),),
        volumes=(Volume("/znc-data", dockerfile),),
        capabilities=_as_root(entrypoint, "znc"),
        new_privileges=(NewPrivileges(False, entrypoint),),
        grants=(),
    )


def _eggdrop() -> Family:
    dockerfile, entrypoint = (
        derived(f"{_EGGDROP}/Dockerfile"),
        derived(f"{_EGGDROP}/entrypoint.sh"),
    )
    return Family(
        names=("eggdrop",),
        summary="Eggdrop, an IRC bot",
        holds_for="1.8 and later",
        programs=("eggdrop.conf",),
        user=(User("root", dockerfile),),
        accounts=(Account("eggdrop", 3333, 3333, dockerfile),),
        steps_down=(StepDown("su-exec", entrypoint, AS_ROOT),),
        ports=(Port(3333, "Telnet, for partyline and bots", dockerfile),),
        volumes=(),
        capabilities=_as_root(entrypoint, "eggdrop"),
        read_only=(
            ReadOnly(False, entrypoint, why="the entrypoint writes next to the program's files"),
        ),
        new_privileges=(NewPrivileges(False, entrypoint),),
        grants=(),
    )


def _rocket_chat() -> Family:
    return Family(
        names=("rocket.chat",),
        summary="Rocket.Chat, a team chat",
        holds_for="1.0 and later",
        programs=("node",),
        user=(User("rocketchat", _ROCKET_CHAT),),
        steps_down=(),
        ports=(Port(3000, "HTTP", _ROCKET_CHAT),),
        volumes=(Volume("/app/uploads", _ROCKET_CHAT),),
        capabilities=(
            Capability(
                "DAC_OVERRIDE",
                "root writes into the folders of `rocketchat`",
                _ROCKET_CHAT,
                AS_ROOT,
                at="operation",
            ),
        ),
        new_privileges=(NewPrivileges(False, _ROCKET_CHAT),),
        heap=(),
        grants=(),
    )


_FAMILIES = {"eggdrop": _eggdrop, "rocket.chat": _rocket_chat, "teamspeak": _teamspeak, "znc": _znc}
NAMES = tuple(_FAMILIES)


def family(name: str) -> Family:
    """Return the family of one of the names."""
    return _FAMILIES[name]()
