"""Suggestions: privileges that a container may still need after a fix.

They are part of messages and never of edits: only a run shows the real needs of a
program.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.images.facts import DocumentedPrivilege
    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount

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


def documented_grant(container: Container, key: str, value: str) -> DocumentedPrivilege | None:
    """Return the fact that an image's documentation asks for a privilege.

    Args:
        container: the container that has it.
        key: the key of Compose that gives it, such as ``cap_add``.
        value: the value, such as ``NET_ADMIN``; of ``volumes``, the path on the host.

    """
    needs = container.image_needs
    for grant in needs.grants if needs is not None else ():
        # `/var/run` is `/run` nearly everywhere.
        if grant.key == key and _short(value) == _short(grant.value):
            return grant
    return None


def asked_for(
    grant: DocumentedPrivilege | None, container: Container, *, advise: bool = True
) -> str:
    """Return the end of a message: what the image asks for it for, and what is safer."""
    if grant is None or container.image is None:
        return ""
    safer = f"; a safer way: {grant.instead}" if grant.instead and advise else ""
    return (
        f"; according to its documentation, `{container.image.name}` uses it for {grant.why}{safer}"
    )


def mount_asked_for(mount: Mount) -> str:
    """Return the same for a mount, without the advice that it already follows."""
    grant = documented_grant(mount.container, "volumes", mount.path)
    if grant is None:
        return ""
    follows = not mount.writable and grant.instead.startswith("mount it read-only")
    return asked_for(grant, mount.container, advise=not follows)


def _short(value: str) -> str:
    return value.removeprefix("/var") if value.startswith("/var/run/") else value
