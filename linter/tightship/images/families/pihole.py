"""Pi-hole.

It starts as root, sets file capabilities on its server at each start and runs it as
`pihole`. With `no-new-privileges` the server does not get these capabilities: DNS and
the pages still work, DHCP does not. If the files set no password, the log shows one.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, tags, variable
from tightship.images.facts import (
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    ReadOnly,
    StepDown,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("pi-hole/docker-pi-hole@dd91b4847d97, src/Dockerfile")
_FUNCTIONS = derived("pi-hole/docker-pi-hole@dd91b4847d97, src/bash_functions.sh")
_START = derived("pi-hole/docker-pi-hole@dd91b4847d97, src/start.sh")
_README = documented("pi-hole/docker-pi-hole@dd91b4847d97, README.md")

FAMILY = Family(
    names=("pihole/pihole", "ghcr.io/pi-hole/pihole"),
    summary="Pi-hole, a DNS server that blocks advertisements",
    holds_for="2025.02 and later",
    programs=("start.sh",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("capsh", _START, AS_ROOT),),
    ports=(
        Port(53, "DNS", _README),
        Port(53, "DNS", _README, protocol="udp"),
        Port(67, "DHCP", _README, protocol="udp"),
        Port(80, "HTTP", _README),
        Port(123, "NTP", _README, protocol="udp"),
        Port(443, "HTTPS", _README),
    ),
    volumes=(),
    writes=(
        Write("/etc/pihole", "settings, lists and the history of queries", _README, kind="data"),
        Write(
            "/etc/dnsmasq.d",
            "configuration that the start writes for dnsmasq",
            _README,
            tags("<2025.2"),
            kind="data",
            optional=True,
        ),
    ),
    read_only=(
        ReadOnly(
            False,
            _FUNCTIONS,
            why="the start edits `/crontab.txt` and sets file capabilities on the server",
        ),
    ),
    new_privileges=(
        NewPrivileges(
            True, _FUNCTIONS, why="the server runs as `pihole` and has file capabilities"
        ),
    ),
    other_user=(OtherUser(False, _START, needs="it needs root, which prepares the server"),),
    heap=(),
    open_ports=(
        OpenPort(80, "the settings", _README, variable("FTLCONF_webserver_api_password", "")),
        OpenPort(80, "the settings", _README, tags("<2025"), variable("WEBPASSWORD", "")),
    ),
    grants=(
        Grant(
            "cap_add",
            "NET_ADMIN",
            "the DHCP server",
            _README,
            instead="leave it out if another machine is the DHCP server",
        ),
        Grant(
            "cap_add",
            "SYS_TIME",
            "setting the clock of the host by NTP",
            _README,
            instead="leave it out if the host sets its own clock",
        ),
        Grant(
            "cap_add",
            "SYS_NICE",
            "a higher priority",
            _README,
            instead="leave it out: Pi-hole runs without it",
        ),
    ),
)
