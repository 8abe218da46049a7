"""Gluetun.

It starts and works as root and makes the interface and the firewall of the VPN; other
services share its network with `network_mode: service:…`, and their ports are published
here. Its proxies and control server listen in that network.
"""

from __future__ import annotations

from tightship.images.conditions import tags, variable
from tightship.images.facts import Grant, OpenPort, OtherUser, Port, User, derived, documented
from tightship.images.family import Family

_DOCKERFILE = derived("qdm12/gluetun@b11932524136, Dockerfile")
_README = documented("qdm12/gluetun@b11932524136, README.md")
_CONTROL = documented("qdm12/gluetun-wiki, setup/advanced/control-server.md")
_PROXY = documented("qdm12/gluetun-wiki, setup/options/http-proxy.md")

FAMILY = Family(
    names=("qmcgaw/gluetun", "ghcr.io/qdm12/gluetun"),
    summary="Gluetun, a VPN for other containers",
    holds_for="version 3",
    user=(User("root", _DOCKERFILE),),
    steps_down=(),
    ports=(
        Port(8000, "HTTP", _DOCKERFILE),
        Port(8888, "HTTP", _DOCKERFILE, variable("HTTPPROXY", "on")),
        Port(8388, "Shadowsocks", _DOCKERFILE, variable("SHADOWSOCKS", "on")),
        Port(8388, "Shadowsocks", _DOCKERFILE, variable("SHADOWSOCKS", "on"), protocol="udp"),
    ),
    volumes=(),
    other_user=(OtherUser(False, _README, needs="it needs root, which creates the interface"),),
    heap=(),
    open_ports=(
        OpenPort(8000, "the control server, which stops the VPN", _CONTROL, tags("<3.39")),
        OpenPort(
            8888,
            "a proxy into the VPN",
            _PROXY,
            variable("HTTPPROXY", "on"),
            closed_by=("HTTPPROXY_PASSWORD",),
        ),
    ),
    grants=(
        Grant("cap_add", "NET_ADMIN", "the interface, routes and firewall of the VPN", _README),
        Grant("devices", "/dev/net/tun", "the interface of the VPN", _README),
    ),
)
