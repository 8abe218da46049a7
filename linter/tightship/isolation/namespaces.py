"""The namespaces of a container, their owners, and the containers that surely run together."""

from __future__ import annotations

from tightship.findings import Related
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.setting import Setting
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import scalar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

    from tightship.model.container_settings import ContainerSettings
    from tightship.model.project import Project
    from tightship.text import Span


# Compose's key for each namespace. The mount namespace has none, and Docker or the
# kernel has no namespace for time, system log and audit.
KEYS = {
    "pid": "pid",
    "network": "network_mode",
    "ipc": "ipc",
    "uts": "uts",
    "user": "userns_mode",
    "cgroup": "cgroup",
}

# The longest chain of ``service:NAME`` that is followed.
_CHAIN = 20


class Namespace(Record):
    """A namespace in effect.

    ``owner`` is ``own``, ``host``, ``none``, ``container:NAME`` or ``unknown``,
    after chains of ``service:NAME`` are followed. ``setting`` is the container's own
    setting of Compose's ``key``, and ``because`` holds those of the services in the
    chain.
    """

    key: str
    setting: Setting[str]
    owner: str
    because: tuple[Related, ...]

    @property
    def is_host(self) -> bool:
        """Return whether it is certainly the host's."""
        return self.owner == "host"

    @property
    def container(self) -> str | None:
        """Return the container outside the project that owns it, if one does."""
        name = self.owner.removeprefix("container:")
        return None if name == self.owner else name

    @property
    def service(self) -> str | None:
        """Return the service of the project that it is shared with, if there is one."""
        return _borrowed_from(self.setting)

    @property
    def span(self) -> Span:
        """Return the place of the setting, or of what lacks it."""
        return self.setting.span


def namespace(service: ContainerSettings, kind: str) -> Namespace:
    """Return a namespace of the container of a service; ``kind`` is a key of :data:`KEYS`.

    Compose rejects a chain that leads back to itself, or to an undefined service; its
    owner is unknown.
    """
    key = KEYS[kind]
    own = setting = service.text(key)
    because: list[Related] = []
    while (name := _borrowed_from(setting)) is not None:
        target = service.project.services.get(name)
        if target is None or len(because) == _CHAIN:
            return Namespace(key, own, "unknown", tuple(because))
        service, setting = target, target.text(key)
        if setting.is_set:
            where = f"`{name}` has `{key}: {_text(setting)}` here"
            because.append(Related(setting.span, where))
    return Namespace(key, own, _owner(setting), tuple(because))


def own_users(service: ContainerSettings) -> Span | None:
    """Return the setting that gives a container its own user namespace, if one does.

    Docker's daemon does so for all containers, or for none. Podman has ``--userns`` with
    `auto`, `keep-id`, `nomap` and `private` (podman-run(1)).
    """
    found = namespace(service, "user") if service.engine == "Podman" else None
    is_own = found is not None and found.owner == "own" and found.setting.value
    return found.span if found is not None and is_own else None


def _borrowed_from(setting: Setting[str]) -> str | None:
    """Return the name of the service whose namespace is shared, if there is one."""
    text = setting.value or ""
    name = text.removeprefix("service:")
    return None if name == text else name


def _owner(setting: Setting[str]) -> str:
    text = _text(setting)
    if text.startswith("container:"):
        return text
    if not setting.decided or text == "pod" or text.startswith("ns:"):
        return "unknown"  # those of Podman are the namespaces of others
    return text if text in ("host", "none") else "own"


def _text(setting: Setting[str]) -> str:
    """Return the text, in which a variable without a value stays ``${NAME}``."""
    return setting.source.text if isinstance(setting.source, ScalarValue) else ""


def real_name(project: Project, network: str) -> str | None:
    """Return the name of an external network at the daemon; none for another network.

    The name may be the key, or be below ``external`` in the old spelling (verified with
    docker-compose 2.26.1). A name that only a run decides is empty.
    """
    external = project.text("networks", network, "external")
    old = project.text("networks", network, "external", "name")
    if old is None and not (external and scalar.as_bool(external.text)):
        return None
    named = old or project.text("networks", network, "name")
    if named is None:
        return network
    return named.text if named.decided else ""


def joined_networks(service: ContainerSettings) -> list[Setting[str]]:
    """Return the networks of a service, each name with its place."""
    written = service.value("networks")
    if not isinstance(written, MappingValue):
        return [item for item in service.texts("networks").items if item.value]
    return [
        Setting(entry.key.span, name, source=written, provenance=entry.value.provenance)
        for name, entry in written.entries.items()
    ]


# Groups that are no address and no profile.
ALL, ANY = "*", ""


class Groups:
    """The groups that something is in, and those in which it meets all others."""

    def __init__(self, own: Iterable[str], meets: Iterable[str]) -> None:
        self.own: Final = tuple(own)
        self.meets: Final = tuple(meets)


def profile_groups(service: ContainerSettings) -> Groups:
    """Return the groups of services that some profile surely runs together.

    A service without profiles always runs. Two with different ones are alternatives, and
    only a run that asks for both has both.
    """
    items = service.texts("profiles").items
    if not items:
        return Groups((ALL, ANY), (ALL,))
    names = {f"={item.value}" for item in items if item.value is not None}
    return Groups((ALL, *names), (ANY, *names))
