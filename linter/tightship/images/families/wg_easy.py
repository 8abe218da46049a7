"""wg-easy.

It starts and works as root, makes the WireGuard interface itself and sets iptables rules
with the legacy variant, which opens a raw socket: `NET_ADMIN` alone is not enough with
`cap_drop: [ALL]`. Before version 15 the pages ask for a password only if one is set.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, tags
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OpenPort,
    OtherUser,
    Port,
    User,
    Write,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("wg-easy/wg-easy@bc05e0eac15d, Dockerfile")
_COMPOSE = documented("wg-easy/wg-easy@bc05e0eac15d, docker-compose.yml")

FAMILY = Family(
    names=("ghcr.io/wg-easy/wg-easy", "weejewel/wg-easy"),
    summary="wg-easy, a WireGuard server with a web interface",
    holds_for="version 7 and later",
    programs=("dumb-init", "node"),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(Port(51820, "WireGuard", _COMPOSE, protocol="udp"), Port(51821, "HTTP", _COMPOSE)),
    volumes=(),
    writes=(
        Write("/etc/wireguard", "the configuration and the keys", _COMPOSE, kind="data"),
        Write("/run", "the lock of iptables", _DOCKERFILE),
    ),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability("NET_ADMIN", "it makes the interface, routes and firewall rules", _COMPOSE),
        Capability("NET_RAW", "the legacy iptables opens a raw socket", _DOCKERFILE),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    other_user=(
        OtherUser(
            False, _DOCKERFILE, needs="it needs root, since only root can create the interface"
        ),
    ),
    heap=(),
    open_ports=(
        OpenPort(
            51821,
            "the VPN, with the keys of all clients",
            _DOCKERFILE,
            tags("<15"),
            closed_by=("PASSWORD_HASH", "PASSWORD"),
        ),
    ),
    grants=(
        Grant("cap_add", "NET_ADMIN", "the interface, routes and firewall rules", _COMPOSE),
        Grant(
            "cap_add",
            "SYS_MODULE",
            "loading the modules of WireGuard and iptables",
            _COMPOSE,
            instead="load `wireguard` and `ip_tables` on the host, by a file in `/etc/modules-load.d`",
        ),
        Grant(
            "volumes",
            "/lib/modules",
            "loading the modules of WireGuard and iptables",
            _COMPOSE,
            instead="load `wireguard` and `ip_tables` on the host, by a file in `/etc/modules-load.d`",
        ),
        Grant(
            "sysctls",
            "net.ipv4.ip_forward",
            "forwarding for the clients, in its own network only",
            _COMPOSE,
        ),
        Grant(
            "sysctls",
            "net.ipv4.conf.all.src_valid_mark",
            "routing by marks, in its own network only",
            _COMPOSE,
        ),
    ),
)
