"""AdGuard Home.

The program has the file capability `NET_BIND_SERVICE`: where that is dropped, nobody
can execute the program, not even root. It runs as root on folders that belong to
`nobody` in the image. Until it is set up, port 3000 shows the set-up to anyone.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    Port,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("AdguardTeam/AdGuardHome@75e43ab5b251, docker/build.Dockerfile")
_WIKI = documented("AdguardTeam/AdGuardHome wiki, Docker")

FAMILY = Family(
    names=("adguard/adguardhome",),
    summary="AdGuard Home, a DNS server that blocks advertisements",
    holds_for="0.107 and later",
    programs=("AdGuardHome",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(53, "DNS", _DOCKERFILE),
        Port(53, "DNS", _DOCKERFILE, protocol="udp"),
        Port(67, "DHCP", _DOCKERFILE, protocol="udp"),
        Port(80, "HTTP", _DOCKERFILE),
        Port(443, "HTTPS", _DOCKERFILE),
        Port(853, "DNS over TLS", _DOCKERFILE),
        Port(3000, "HTTP", _DOCKERFILE),
    ),
    volumes=(),
    writes=(
        Write(
            "/opt/adguardhome/work",
            "lists, statistics and the history of queries",
            _DOCKERFILE,
            kind="data",
        ),
        Write("/opt/adguardhome/conf", "its configuration", _DOCKERFILE, kind="data"),
        Write("/tmp", "temporary files", _DOCKERFILE, optional=True),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE", "its folders belong to `nobody` in the image", _DOCKERFILE, AS_ROOT
        ),
        Capability(
            "FOWNER",
            "it changes the mode of its folders, which belong to `nobody`",
            _DOCKERFILE,
            AS_ROOT,
        ),
        Capability(
            "NET_BIND_SERVICE",
            "the program has it as a file capability, and cannot be executed without it",
            _DOCKERFILE,
        ),
    ),
    read_only=(ReadOnly(True, _DOCKERFILE),),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "network_mode",
            "host",
            "the DHCP server",
            _WIKI,
            instead="leave it out if another machine is the DHCP server",
        ),
        Grant(
            "cap_add",
            "NET_ADMIN",
            "the DHCP server",
            _WIKI,
            instead="leave it out if another machine is the DHCP server",
        ),
    ),
)
