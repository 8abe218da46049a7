"""A container sets a kernel parameter that belongs to the host.

A container has its own value only for kernel parameters of its namespaces: `net.*` of
the network, `fs.mqueue.*` and a few `kernel.msg*` and `kernel.shm*` of IPC. All others,
such as `vm.max_map_count`, belong to the host. runc does not set them, even for a
privileged container, so the container does not start. With `ipc: host`, the same is
true for the parameters of IPC, because they then belong to the host.

People often try `privileged: true` next, which does not help, or a privileged
container that runs `sysctl -w`, which changes the host.

## How to fix

Set the parameter on the host, in `/etc/sysctl.d`, and remove it here. For the name of the
container, write `hostname` or `domainname`.
"""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.rules.kit import (
    Bad,
    Finding,
    Findings,
    Good,
    Seen,
    Severity,
    rule,
)
from tightship.values.variable import has_hole

_IPC = frozenset((
    "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall",
    "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced",
))  # fmt: skip


@rule(
    on=Container,
    keys=("sysctls",),
    severity=Severity.ERROR,
    references=(
        "Docker Engine 26.1.5 with runc 1.1.15, seen to refuse these",
        "runc 1.1, libcontainer/configs/validate/validator.go, sysctl",
    ),
    checked=Seen(
        """
        $ docker run --rm --sysctl vm.max_map_count=262144 busybox echo started
        invalid argument "vm.max_map_count=262144" for "--sysctl" flag: sysctl 'vm.max_map_count=262144' is not allowed
        """,
        """
        $ docker run --rm --sysctl net.core.somaxconn=1024 busybox echo started
        started
        """,
    ),
    examples=(
        Bad(
            """
            services:
              search:
                image: elasticsearch:8.15.0
                sysctls: {«vm.max_map_count»: 262144}
            """,
        ),
        Bad(
            """
            services:
              db:
                image: db:1
                ipc: host
                sysctls: [«kernel.shmmax=1073741824»]
            """,
            why="With the host's IPC namespace, it is the host's parameter.",
        ),
        Good(
            """
            services:
              web:
                image: nginx:1.29
                sysctls:
                  net.core.somaxconn: 1024
                  fs.mqueue.msg_max: 20
                  kernel.shmmax: 1073741824
                  ${NAME}: 1
            """,
        ),
        Good(
            """
            services:
              search:
                image: elasticsearch:8.15.0
                runtime: kata
                sysctls: {vm.max_map_count: 262144}
            """,
            why="Another runtime may have a kernel for the container.",
        ),
    ),
)
def invalid_sysctl(container: Container) -> Findings:
    """Point at the name of each parameter that is rejected."""
    if container.service.text("runtime").is_set:
        return
    for pair in container.service.pairs("sysctls"):
        what = _fault(container, pair.name)
        if what:
            yield Finding(
                pair.span, f"service `{container.name}` will not start: {what}"
            )


def _fault(container: Container, name: str) -> str:
    """Return why a parameter is rejected and what to do, or nothing."""
    if has_hole(name) or "/" in name or name.startswith("net."):
        return ""
    if name == "kernel.hostname":
        return f"`{name}` sets the container's name; write `hostname`"
    if name == "kernel.domainname":
        if not container.namespace("uts").is_host:
            return ""
        return f"with `uts: host`, `{name}` belongs to the host; remove one of them"
    if name in _IPC or name.startswith("fs.mqueue."):
        if not container.namespace("ipc").is_host:
            return ""
        return f"with `ipc: host`, `{name}` belongs to the host; remove one of them"
    return f"`{name}` is a parameter of the host's kernel; set it on the host instead"
