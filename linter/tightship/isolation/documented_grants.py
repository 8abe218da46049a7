"""Privileges that the documentation of a container's image asks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.facts import DocumentedPrivilege
    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount


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
    safer = f"; safer: {grant.instead}" if grant.instead and advise else ""
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
