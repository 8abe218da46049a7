"""Tailscale.

It starts and works as root. By default it needs no privilege: the network lives inside the
program, which `TS_SOCKS5_SERVER`, `TS_OUTBOUND_HTTP_PROXY_LISTEN` or `TS_SERVE_CONFIG` opens
to other services. With `TS_USERSPACE=false` it makes an interface.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS, variable
from tightship.images.facts import Capability, Grant, NewPrivileges, User, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("tailscale/tailscale@de9ec7ee2562, Dockerfile")
_MAIN = documented("tailscale/tailscale@de9ec7ee2562, cmd/containerboot/main.go")
_INTERFACE = variable("TS_USERSPACE", "false", "False", "FALSE", "0")
_INSTEAD = (
    "leave `TS_USERSPACE` at its default, and let services use its proxy or `TS_SERVE_CONFIG`"
)

FAMILY = Family(
    names=("tailscale/tailscale", "ghcr.io/tailscale/tailscale"),
    summary="Tailscale, a VPN",
    holds_for="version 1.40 and later",
    programs=("containerboot",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(),
    volumes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "it works as root, and a folder of the host may belong to another user",
            _DOCKERFILE,
            AS_ROOT,
            HOST_FOLDERS,
        ),
        Capability(
            "NET_ADMIN", "it makes an interface, routes and firewall rules", _MAIN, _INTERFACE
        ),
        Capability(
            "NET_RAW",
            "iptables and the search for paths through NAT open raw sockets",
            _MAIN,
            _INTERFACE,
        ),
    ),
    new_privileges=(NewPrivileges(False, _DOCKERFILE),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "cap_add",
            "NET_ADMIN",
            "an interface, with `TS_USERSPACE=false`",
            _MAIN,
            instead=_INSTEAD,
        ),
        Grant(
            "devices",
            "/dev/net/tun",
            "an interface, with `TS_USERSPACE=false`",
            _MAIN,
            instead=_INSTEAD,
        ),
    ),
)
