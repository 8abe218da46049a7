"""The capabilities that a container's processes may have.

The engine gives a container one set: to its first process as the effective, permitted
and bounding sets, while the inheritable and the ambient set stay empty (moby 26.1.5,
oci/oci.go, SetCapabilities; CVE-2022-24769). As the program of a user who is not root
starts, the kernel therefore leaves only the bounding set, from which a program with the
setuid bit of root, or with file capabilities, gets them back unless the process has
no-new-privileges (capabilities(7), "Transformation of capabilities during execve()").
The lab has the matrix, in ``tests/oracles/capabilities.json``.
"""

from __future__ import annotations

from tightship.findings import Fix, Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.values import capability

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.setting import Setting, SettingList
    from tightship.text import Span

# Each of these takes over the host: by mounting its disks, by loading code into its
# kernel, by reaching memory past the kernel, by opening any of its files.
TAKEOVER = frozenset(("DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO"))


class AddedCapability(Record):
    """A capability that a container gets by ``cap_add``, and that takes effect.

    ``name`` is in Docker's own spelling, without ``CAP_``; ``ALL`` is one too.
    ``setting`` is the item of ``cap_add``.
    """

    container: Container
    name: str
    setting: Setting[str]

    @property
    def span(self) -> Span:
        """Return the place of the item."""
        return self.setting.span

    @property
    def powers(self) -> frozenset[str]:
        """Return the capabilities of this item: of ``ALL``, those that are left."""
        if self.name == "ALL":
            return self.container.capabilities.bounding
        return frozenset((self.name,))

    @property
    def is_held(self) -> bool:
        """Return whether the first process has it, or may have it."""
        return self.container.capability_hold == "held"

    @property
    def if_root(self) -> str:
        """Return the condition in words where the user of the container is unknown."""
        is_open = self.container.starts_as_root is None
        return " if it runs as root" if is_open else ""

    @property
    def limit(self) -> str:
        """Return the end of a message: what keeps the capability from the service."""
        return limit(self.container)

    def severity(self, severity: Severity) -> Severity:
        """Return how bad it is, from how bad it is for a service that runs as root."""
        return lowered(self.container, severity)

    def without(self, *, may_break: str) -> Fix | None:
        """Return the fix that removes the item."""
        edits = self.container.editor.remove_item("cap_add", self.setting.source)
        return Fix.tightens(f"Do not add `{self.name}`", edits, may_break=may_break)


class Capabilities:
    """The capabilities by ``cap_add``, ``cap_drop`` and ``privileged``.

    The algebra is that of moby 26.1.5, oci/caps/utils.go (TweakCapabilities).
    ``added_names`` and ``dropped_names`` are the certain ones, canonically spelled, and
    ``default`` are those that the engine gives without either.
    """

    __slots__ = ("added", "added_names", "default", "dropped", "dropped_names", "privileged")

    def __init__(self, service: ContainerSettings, privileged: Setting[bool]) -> None:
        self.added: SettingList[str] = service.texts("cap_add")
        self.dropped: SettingList[str] = service.texts("cap_drop")
        self.added_names = tuple(name for name, _ in named(self.added))
        self.dropped_names = tuple(name for name, _ in named(self.dropped))
        self.privileged = privileged
        self.default = capability.DEFAULTS[service.engine]

    @property
    def dropped_items(self) -> tuple[tuple[str, Setting[str]], ...]:
        """Return the certain names of ``cap_drop``, canonically spelled, with their items."""
        return tuple(named(self.dropped))

    @property
    def bounding(self) -> frozenset[str]:
        """Return the bounding set of the container, by the decided items."""
        return capability.bounding(
            self.added_names, self.dropped_names, self.privileged.is_surely(True), self.default
        )

    @property
    def could_drop_all(self) -> bool:
        """Return whether some run drops all capabilities before it adds any."""
        return "ALL" in self.dropped_names or not self.dropped.all_decided

    @property
    def kept_unasked(self) -> frozenset[str]:
        """Return the default capabilities that are neither dropped nor added."""
        if "ALL" in self.dropped_names:
            return frozenset()
        asked = frozenset((*self.dropped_names, *self.added_names))
        return self.default - asked

    def adds(self, name: str) -> tuple[Setting[str], ...]:
        """Return the items of ``cap_add`` that surely name a capability."""
        return tuple(item for known, item in named(self.added) if known == name)

    def drops(self, name: str) -> tuple[Setting[str], ...]:
        """Return the items of ``cap_drop`` that surely name a capability."""
        return tuple(item for known, item in named(self.dropped) if known == name)

    def grants(self, container: Container) -> list[AddedCapability]:
        """Return each item of ``cap_add`` that surely takes effect.

        An addition wins over a drop of the same name, unless ``ALL`` is added as well.
        """
        if not self.added_names:
            return []
        bounding = self.bounding
        return [
            AddedCapability(container, name, item)
            for name, item in named(self.added)
            if name == "ALL" or name in bounding
        ]


def named(settings: SettingList[str]) -> Iterator[tuple[str, Setting[str]]]:
    """Yield the items of ``cap_add`` or ``cap_drop`` that are decided, each named."""
    for item in settings.items:
        if item.decided and item.value is not None:
            yield capability.canonical(item.value), item


def is_out_of_reach(container: Container) -> bool:
    """Return whether no process of a container has its capabilities, cheapest first."""
    no_more = container.security.no_new_privileges.is_surely(True)
    return no_more and container.capability_hold == "unobtainable"


def lowered(container: Container, severity: Severity) -> Severity:
    """Return how bad a capability is that is worth ``severity`` to root."""
    if container.capability_hold == "held":
        return severity
    if container.capability_hold == "obtainable" and severity is Severity.ERROR:
        return Severity.WARNING
    return Severity.INFO


def limit(container: Container) -> str:
    """Return the end of a message: what keeps capabilities from a service, if anything."""
    if container.capability_hold == "held":
        return ""
    if container.capability_hold == "unobtainable":
        return ", but no process can use it: its user is not root, and `no-new-privileges` is set"
    return ", but its user is not root: only programs with setuid or file capabilities can use it"
