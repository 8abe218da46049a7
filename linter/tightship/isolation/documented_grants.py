"""Privileges that the documentation of a container's image asks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.facts import Grant
    from tightship.isolation.container import Container


def documented_grant(container: Container, key: str, value: str) -> Grant | None:
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


def asked_for(grant: Grant | None, container: Container) -> str:
    """Return the end of a message: what the image needs it for, and what to do instead."""
    if grant is None or container.image is None:
        return ""
    instead = f"; {grant.instead}" if grant.instead else ""
    return f"; `{container.image.name}` needs it: {grant.why}{instead}"


def _short(value: str) -> str:
    return value.removeprefix("/var") if value.startswith("/var/run/") else value
