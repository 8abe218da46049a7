"""Cloudflare DDNS by favonia.

It is a single program without a shell. It runs as uid 1000, writes nothing and needs no
privilege; its documentation recommends every hardening. `network_mode: host` is for
IPv6 only.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, HOST_FOLDERS
from tightship.images.facts import (
    Capability,
    Grant,
    NewPrivileges,
    OtherUser,
    ReadOnly,
    User,
    derived,
    documented,
)
from tightship.images.family import Family

_DOCKERFILE = derived("favonia/cloudflare-ddns@690d5e6497cb, Dockerfile")
_README = documented("favonia/cloudflare-ddns@690d5e6497cb, README.markdown")

FAMILY = Family(
    names=("favonia/cloudflare-ddns", "ghcr.io/favonia/cloudflare-ddns"),
    summary="Cloudflare DDNS, which updates an address in DNS",
    holds_for="1.13 and later",
    user=(User("1000:1000", _DOCKERFILE),),
    steps_down=(),
    ports=(),
    volumes=(),
    writes=(),
    capabilities=(
        Capability(
            "DAC_OVERRIDE",
            "a file with the token may belong to another user",
            _README,
            AS_ROOT,
            HOST_FOLDERS,
        ),
    ),
    read_only=(ReadOnly(True, _README),),
    new_privileges=(NewPrivileges(False, _README),),
    other_user=(OtherUser(True, _README),),
    heap=(),
    open_ports=(),
    grants=(
        Grant(
            "network_mode",
            "host",
            "finding the IPv6 address of the host",
            _README,
            instead="a network with `enable_ipv6`, or leave it out if you only need IPv4",
        ),
    ),
)
