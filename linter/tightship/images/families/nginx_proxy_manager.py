"""Nginx Proxy Manager.

s6 starts as root, makes an account, gives all folders to it and runs nginx and the
pages. Certificates are in `/etc/letsencrypt`, settings in `/data`. Port 81 is for
administration; old versions start with a well-known login.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, variable
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
)
from tightship.images.family import Family

_DOCKERFILE = derived("NginxProxyManager/nginx-proxy-manager@a62c2a6dc3ab, docker/Dockerfile")
_PREPARE = "NginxProxyManager/nginx-proxy-manager@a62c2a6dc3ab, docker/rootfs/etc/s6-overlay/s6-rc.d/prepare"
_ACCOUNT = derived(f"{_PREPARE}/10-usergroup.sh")
_PATHS = derived(f"{_PREPARE}/20-paths.sh")
_OWNERS = derived(f"{_PREPARE}/30-ownership.sh")

FAMILY = Family(
    names=("jc21/nginx-proxy-manager",),
    summary="Nginx Proxy Manager, a proxy with a web interface",
    holds_for="2.10 and later",
    programs=("init",),
    user=(User("root", _DOCKERFILE),),
    steps_down=(StepDown("s6-setuidgid", _OWNERS, AS_ROOT, variable("PUID")),),
    ports=(
        Port(80, "HTTP", _DOCKERFILE),
        Port(81, "HTTP", _DOCKERFILE),
        Port(443, "HTTPS", _DOCKERFILE),
    ),
    volumes=(Volume("/data", _DOCKERFILE),),
    writes=(Write("/etc/letsencrypt", "certificates", _OWNERS, kind="data"),),
    capabilities=(
        Capability("CHOWN", "the set-up gives all folders to `PUID`", _OWNERS, AS_ROOT),
        Capability(
            "DAC_OVERRIDE",
            "the set-up makes folders in folders of `PUID`",
            _PATHS,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "FOWNER",
            "the set-up changes the mode of folders of `PUID`",
            _PATHS,
            AS_ROOT,
            at="restart",
        ),
        Capability(
            "KILL", "s6 stops services of another account", _OWNERS, AS_ROOT, at="operation"
        ),
        Capability("SETGID", "s6 switches the group", _OWNERS, AS_ROOT),
        Capability("SETUID", "s6 switches the user", _OWNERS, AS_ROOT),
    ),
    read_only=(ReadOnly(False, _ACCOUNT, why="the set-up makes an account in `/etc/passwd`"),),
    new_privileges=(NewPrivileges(False, _ACCOUNT),),
    other_user=(
        OtherUser(False, _ACCOUNT, needs="it needs root; `PUID` sets the user of the services"),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
