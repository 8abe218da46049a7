"""The namespaces of a container, and whose they are."""

from __future__ import annotations

from tightship.compose.field import Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.service import Service
    from tightship.text import Span

# Compose's key for each namespace that a key decides. There is none for mount, and
# none at all for time, system log and audit: the kernel has no such namespace, or
# Docker makes none.
KEYS = {
    "pid": "pid",
    "network": "network_mode",
    "ipc": "ipc",
    "uts": "uts",
    "user": "userns_mode",
    "cgroup": "cgroup",
}


class Namespace:
    """A namespace in effect.

    ``owner`` is ``own``, ``host``, ``none``, ``container:NAME`` or ``unknown``,
    after chains of ``service:NAME`` were followed; ``through`` holds the settings
    of the services on the way, where there were any.
    """

    __slots__ = ("field", "key", "owner", "through")

    def __init__(
        self, key: str, field: Field[str], owner: str, through: tuple[Service, ...]
    ) -> None:
        """Hold a namespace; ``field`` is the container's own setting."""
        self.key = key
        self.field = field
        self.owner = owner
        self.through = through

    @property
    def is_host(self) -> bool:
        """Tell whether it is surely the host's."""
        return self.owner == "host"

    @property
    def span(self) -> Span:
        """Return the place of the setting, or what lacks it."""
        return self.field.span


def namespace(service: Service, kind: str) -> Namespace:
    """Return a namespace of the container that a service makes.

    ``kind`` is a key of :data:`KEYS`. A chain that leads back to itself, or to a
    service that is not there, is Compose's to refuse; its owner is unknown.
    """
    through: list[Service] = []
    key = KEYS[kind]
    own = here = service.text(key)
    while here.decided and (here.value or "").startswith("service:"):
        target = service.project.services.get((here.value or "")[len("service:") :])
        if target is None or target in through or target is service:
            return Namespace(key, own, "unknown", tuple(through))
        through.append(target)
        here = target.text(key)
    owner = "unknown" if not here.decided else _owner(here.value)
    if kind == "network" and owner == "own":
        joined = _host_network(through[-1] if through else service)
        if joined is not None:
            return Namespace(key, own if through else joined, "host", tuple(through))
    return Namespace(key, own, owner, tuple(through))


def _owner(value: str | None) -> str:
    if value in ("host", "none"):
        return str(value)
    if value is not None and value.startswith("container:"):
        return value
    return "own"


def _host_network(service: Service) -> Field[str] | None:
    """Return the entry of ``networks`` that joins the host's own network.

    An external network named ``host`` is the host's network namespace.
    """
    networks = service.value("networks")
    if networks is None:
        return None
    for name in _network_names(service):
        leaf = service.project.text("networks", name.value or "", "name")
        external = service.project.text("networks", name.value or "", "external")
        real = leaf.text if leaf else name.value
        if real == "host" and external is not None and external.text == "true":
            return name
    return None


def _network_names(service: Service) -> list[Field[str]]:
    listed = service.texts("networks")
    if listed.items:
        return list(listed.items)
    table = service.table.get("networks")
    entries = getattr(table, "entries", {})
    return [
        Field(entry.key.span, name, source=table, trail=entry.value.trail)
        for name, entry in entries.items()
    ]
