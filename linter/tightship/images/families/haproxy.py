"""HAProxy.

Since 2.4 it starts as `haproxy` and needs no capability; before 2.4, or with `user:
root`, it starts as root and switches to the user in its configuration. It writes only the
sockets that the configuration names; the user `haproxy` makes them in its home folder.
"""

from __future__ import annotations

from tightship.images.conditions import AS_ROOT, CONFIGURED, NOT_AS_ROOT, tags
from tightship.images.facts import (
    Account,
    Capability,
    Memory,
    NewPrivileges,
    OtherUser,
    ReadOnly,
    User,
    Write,
    derived,
    documented,
    measured,
)
from tightship.images.family import Family

_DOCKERFILE = derived("docker-library/haproxy@ec437dd2a365, 3.4/Dockerfile")
_PAGE = documented("docker-library/docs@c4a9ba414434, haproxy/content.md")
_SOCKET = "the sockets that the configuration names"
_LAB = measured("stand-in of haproxy:3.0 with Debian 13's haproxy 3.0.11, Docker Engine 26.1.5")

FAMILY = Family(
    names=("haproxy",),
    summary="HAProxy, a proxy for TCP and HTTP",
    holds_for="1.8 and later, on Debian and Alpine",
    programs=("haproxy",),
    user=(
        User("haproxy", _DOCKERFILE, tags("lts")),
        User("haproxy", _DOCKERFILE, tags(">=2.4")),
        User("root", _PAGE, tags("<2.4")),
    ),
    accounts=(Account("haproxy", 99, 99, _DOCKERFILE, tags(">=2.4")),),
    steps_down=(),
    volumes=(),
    writes=(
        Write("/var/lib/haproxy", _SOCKET, _DOCKERFILE, CONFIGURED, options=("mode=1777",)),
        Write("/var/run", _SOCKET, _PAGE, AS_ROOT, CONFIGURED),
        Write("/tmp", _SOCKET, _PAGE, NOT_AS_ROOT, CONFIGURED),
    ),
    capabilities=(
        Capability(
            "CHOWN", "sockets get the owner that `bind` names", _PAGE, AS_ROOT, at="operation"
        ),
        Capability("KILL", "the master signals its workers", _PAGE, AS_ROOT, at="operation"),
        Capability(
            "NET_BIND_SERVICE", "the configuration names the ports", _PAGE, AS_ROOT, at="operation"
        ),
        Capability("SETGID", "`group` switches the group", _PAGE, AS_ROOT, at="operation"),
        Capability("SETUID", "`user` switches the user", _PAGE, AS_ROOT, at="operation"),
        Capability("SYS_CHROOT", "`chroot` in the configuration", _PAGE, AS_ROOT, at="operation"),
        Capability(
            "DAC_OVERRIDE",
            "the folder for sockets belongs to `haproxy`",
            _DOCKERFILE,
            AS_ROOT,
            at="operation",
        ),
    ),
    read_only=(ReadOnly(True, _LAB),),
    new_privileges=(NewPrivileges(False, _LAB),),
    other_user=(OtherUser(True, _PAGE),),
    memory=(
        Memory("16m", _LAB, tags("lts"), processes=8, load="400 slow clients"),
        # Before, it takes memory for as many connections as it may open files.
        Memory("16m", _LAB, tags(">=2.6"), processes=8, load="400 slow clients"),
    ),
    heap=(),
    open_ports=(),
    grants=(),
)
