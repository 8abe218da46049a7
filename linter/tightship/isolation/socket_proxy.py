"""Proxies of Docker's socket, and the variables with which their filter lets all through."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container

# Parts of the names of images.
_PROXIES = ("socket-proxy", "cetusguard", "sockguard")
# These read the variables below.
_WITH_VARIABLES = ("tecnativa/docker-socket-proxy", "linuxserver/socket-proxy")
_WRITES = "POST"
# Paths of the API on which a request that writes takes the host: it creates a container
# or a service that mounts the host's disk, or installs a plug-in with every capability.
_TAKING_OVER = ("CONTAINERS", "SERVICES", "PLUGINS")


def is_socket_proxy(container: Container) -> bool:
    """Return whether a container's image is a proxy of Docker's socket, by its name."""
    image = container.image
    return image is not None and any(part in image.name for part in _PROXIES)


def opened_by(container: Container) -> tuple[str, ...]:
    """Return the variables with which a proxy surely lets its clients take the host.

    They are `POST` and at least one more, or none at all. Other proxies have filters of
    their own, which are not read (haproxy.cfg of Tecnativa/docker-socket-proxy
    05ee763d6a00 and of linuxserver/docker-socket-proxy 1b802fff0414).
    """
    image = container.image
    if image is None or not image.repository.endswith(_WITH_VARIABLES):
        return ()
    variables = container.environment
    found = tuple(
        name
        for name in (_WRITES, *_TAKING_OVER)
        if name in variables and variables[name].value.is_surely("1")
    )
    return found if found[:1] == (_WRITES,) and len(found) > 1 else ()
