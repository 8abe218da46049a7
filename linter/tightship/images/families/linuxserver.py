"""The images of LinuxServer, which share their base.

s6-overlay starts as root, sets the ids of the account `abc` to `PUID` and `PGID`, gives
it `/config` and starts the program as `abc`. Three details often cause problems. In
read-only mode `PUID` and `PGID` have no effect: the program runs as uid 911, and cannot
write to data of uid 1000. `/run` holds programs of s6, so a `tmpfs` there needs `exec`.
And without `KILL`, s6 cannot stop the program: Docker kills it after ten seconds.
"""

from __future__ import annotations

from tightship.images import linuxserver as table
from tightship.images.conditions import AS_ROOT, CONFIGURED, NOT_AS_ROOT, variable
from tightship.images.facts import (
    Account,
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    Source,
    StepDown,
    User,
    Volume,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCS = "linuxserver/docker-documentation@002af3ee68ce"
_INIT = derived(
    "linuxserver/docker-baseimage-alpine@3d5a8b06a66b, root/etc/s6-overlay/s6-rc.d/init-adduser/run"
)
_NON_ROOT = documented(f"{_DOCS}, docs/misc/non-root.md")
_READ_ONLY = documented(f"{_DOCS}, docs/misc/read-only.md")
_911 = "in read-only mode PUID and PGID have no effect, and the program runs as 911"

NAMES = tuple(f"linuxserver/{name}" for name in (*table.SERVERS, *table.DESKTOPS))

_LAB = measured(
    "stand-in of linuxserver/transmission:4 with Debian 13's transmission-daemon 4.1.0,"
    " Docker Engine 26.1.5"
)

_SETUID_HELPER = "a setuid program of s6 prepares `/run`"
_START = {
    "CHOWN": "the start gives `/config` to `abc`",
    "DAC_OVERRIDE": "root writes into `/config`, which belongs to `abc`",
    "FOWNER": "root sets the modes of files that belong to `abc`",
    "KILL": "s6 runs as root and stops the program, which runs as `abc`",
}


def family(name: str) -> Family:
    """Return the family of one of the names."""
    short = name.removeprefix("linuxserver/")
    folder = "deprecated_images" if short in table.DEPRECATED else "images"
    page = documented(f"{_DOCS}, docs/{folder}/docker-{short}.md")
    desktop, known = short in table.DESKTOPS, short in table.READ_ONLY
    common = not desktop and short not in table.OTHER_START
    return Family(
        names=(name,),
        summary=f"{short}{' in a browser' if desktop else ''}, by LinuxServer",
        holds_for="its last version, since LinuxServer deprecates it"
        if short in table.DEPRECATED
        else "the tags of 2025 and later",
        user=(User("root", _NON_ROOT),),
        accounts=(Account("abc", 911, 911, _INIT),),
        steps_down=(StepDown("s6-setuidgid", _INIT, AS_ROOT),) if common else None,
        ports=_ports(short, page),
        volumes=() if short in table.WITHOUT_CONFIG else (Volume("/config", page),),
        writes=_writes(short, page) if known else None,
        capabilities=_capabilities(short, page) if common else None,
        read_only=_read_only(short, page),
        new_privileges=_new_privileges(short, page) if common else None,
        other_user=(
            OtherUser(True, page, needs="`/config` has to belong to that user")
            if short in table.NON_ROOT
            else OtherUser(False, _NON_ROOT, needs="set `PUID` and `PGID` instead"),
        ),
        open_ports=_open_ports(short, page),
        grants=tuple(
            Grant(key, value, why, page, instead=instead)
            for key, value, why, instead in table.GRANTS.get(short, ())
        ),
    )


def _ports(name: str, page: Source) -> tuple[Port, ...]:
    found: list[Port] = []
    text = table.SERVERS.get(name) or table.DESKTOPS.get(name, "")
    for part in text.split(", ") if text else ():
        place, _, speaks = part.partition(" ")
        number, _, protocol = place.partition("/")
        found.append(Port(int(number), speaks, page, protocol=protocol or "tcp"))
    return tuple(found)


def _writes(name: str, page: Source) -> tuple[Write, ...]:
    found = [Write("/run", "s6, with programs", _READ_ONLY, options=("exec",))]
    if name in table.TEMPORARY:
        found.append(Write("/tmp", "temporary files", page))
    found += [
        Write(path, "the files that the program works with", page, CONFIGURED, kind="data")
        for path in table.KEPT.get(name, ())
    ]
    return tuple(found)


def _capabilities(name: str, page: Source) -> tuple[Capability, ...]:
    start = _LAB if name == "transmission" else _INIT
    # No trial has files whose modes root would set.
    sources = dict.fromkeys(_START, start) | {"FOWNER": _INIT}
    common = (
        Capability("SETGID", "s6-setuidgid switches the group", start, AS_ROOT),
        Capability("SETUID", "s6-setuidgid switches the user", start, AS_ROOT),
        Capability("SETGID", _SETUID_HELPER, _NON_ROOT, NOT_AS_ROOT, at="operation"),
        Capability("SETUID", _SETUID_HELPER, _NON_ROOT, NOT_AS_ROOT, at="operation"),
        *(Capability(one, why, sources[one], at="operation") for one, why in _START.items()),
    )
    if name == "swag":
        why = "fail2ban runs iptables, which opens raw sockets"
        return (*common, Capability("NET_RAW", why, page, at="operation"))
    return common


def _read_only(name: str, page: Source) -> tuple[ReadOnly, ...] | None:
    if name in table.NOT_READ_ONLY:
        return (ReadOnly(False, page, why=table.NOT_READ_ONLY[name]),)
    if name not in table.READ_ONLY:
        return None
    start = _LAB if name == "transmission" else _READ_ONLY
    return (
        ReadOnly(False, start, variable("PUID"), why=_911),
        ReadOnly(False, start, variable("PGID"), why=_911),
        ReadOnly(
            False,
            _READ_ONLY,
            variable("DOCKER_MODS"),
            why="in read-only mode mods are not installed",
        ),
        ReadOnly(True, page),
    )


def _new_privileges(name: str, page: Source) -> tuple[NewPrivileges, ...]:
    return (
        *(
            NewPrivileges(True, page, variable(one), why="sudo is a setuid program")
            for one in table.SUDO.get(name, ())
        ),
        NewPrivileges(False, _INIT, AS_ROOT),
    )


def _open_ports(name: str, page: Source) -> tuple[OpenPort, ...] | None:
    if name in table.DESKTOPS:
        what = "the whole desktop, with the files of its user"
        return tuple(
            OpenPort(port.number, what, page, closed_by=("PASSWORD",))
            for port in _ports(name, page)
            if port.speaks in ("HTTP", "HTTPS")
        )
    if name not in table.OPEN:
        return None
    port, what, closed_by = table.OPEN[name]
    if closed_by:
        return (OpenPort(port, what, page, closed_by=closed_by),)
    own = documented(f"the documentation of {name} itself")
    return (OpenPort(port, what, own, CONFIGURED),)
