"""Suggestions: privileges that a container may still need after a fix.

They are part of messages and never of edits: only a run shows the real needs of a
program.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container

# Capabilities that the kernel asks for on these paths (Linux, capabilities(7), tun(4), fuse(4)).
_CAPABILITIES = {
    "/dev/net/tun": "NET_ADMIN",
    "/dev/fuse": "SYS_ADMIN",
    "/lib/modules": "SYS_MODULE",
    "/dev/rtc0": "SYS_TIME",
    "/dev/kmsg": "SYSLOG",
}


def in_place_of_privileged(container: Container) -> str:
    """Return alternatives to ``privileged``, as the end of a sentence."""
    wanted = list(dict.fromkeys(_wanted(container)))
    if not wanted:
        return ""
    return f"; it probably needs {', '.join(wanted[:5])}"


def _wanted(container: Container) -> Iterator[str]:
    paths = [mount.path for mount in container.mounts if mount.volume is not None]
    mapped = [device.source for device in container.devices if device.mapped]
    # Only root has capabilities (isolation/capabilities.py).
    may_be_root = container.starts_as_root is not False
    for path in (*paths, *mapped):
        if path in _CAPABILITIES and may_be_root:
            yield f"the capability `{_CAPABILITIES[path]}` for `{path}`"
    for path in paths:
        if path == "/dev":
            yield "those devices of `/dev` that it uses"
        elif path.startswith("/dev/") and not path.startswith("/dev/shm"):
            yield f"the device `{path}`"
    if container.namespace("pid").owner == "host" and may_be_root:
        yield "the capability `SYS_PTRACE` for `pid: host`"
