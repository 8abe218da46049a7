"""The capabilities that a container's processes may have."""

from __future__ import annotations

from tightship.findings import Fix
from tightship.values import capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.service import Service
    from tightship.compose.setting import Setting, SettingList
    from tightship.isolation.container import Container
    from tightship.text import Span

# Each of these takes over the host: by mounting its disks, by loading code into its
# kernel, by reaching memory past the kernel, by opening any of its files.
TAKEOVER = frozenset(("DAC_READ_SEARCH", "SYS_ADMIN", "SYS_MODULE", "SYS_RAWIO"))


class Grant:
    """A capability that a container gets by ``cap_add``, and that takes effect.

    ``name`` is in Docker's own spelling, without ``CAP_``; ``ALL`` is one too.
    ``setting`` is the item of ``cap_add``.
    """

    __slots__ = ("container", "name", "setting")

    def __init__(self, container: Container, name: str, setting: Setting[str]) -> None:
        self.container = container
        self.name = name
        self.setting = setting

    @property
    def span(self) -> Span:
        """Return the place of the item."""
        return self.setting.span

    @property
    def powers(self) -> frozenset[str]:
        """Return the capabilities of this item: of ``ALL``, those that are left."""
        if self.name == "ALL":
            return self.container.capabilities.effective
        return frozenset((self.name,))

    def without(self, *, may_break: str) -> Fix | None:
        """Return the fix that removes the item."""
        edits = self.container.service.remove_item("cap_add", self.setting.source)
        return Fix.unsafe(f"Do not add `{self.name}`", edits, may_break=may_break)


class Capabilities:
    """The capabilities by ``cap_add``, ``cap_drop`` and ``privileged``.

    The algebra is that of moby 26.1.5, oci/caps/utils.go (TweakCapabilities).
    ``added_names`` and ``dropped_names`` are the certain ones, canonically spelled.
    """

    __slots__ = ("added", "added_names", "dropped", "dropped_names", "privileged")

    def __init__(self, service: Service, privileged: Setting[bool]) -> None:
        self.added: SettingList[str] = service.texts("cap_add")
        self.dropped: SettingList[str] = service.texts("cap_drop")
        self.added_names = tuple(name for name, _ in named(self.added))
        self.dropped_names = tuple(name for name, _ in named(self.dropped))
        self.privileged = privileged

    @property
    def dropped_items(self) -> tuple[tuple[str, Setting[str]], ...]:
        """Return the certain names of ``cap_drop``, canonically spelled, with their items."""
        return tuple(named(self.dropped))

    @property
    def effective(self) -> frozenset[str]:
        """Return the capabilities of the container, by the decided items."""
        return capability.effective(
            self.added_names, self.dropped_names, self.privileged.is_surely(True)
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
        return capability.DEFAULT_CAPABILITIES - asked

    def adds(self, name: str) -> tuple[Setting[str], ...]:
        """Return the items of ``cap_add`` that surely name a capability."""
        return tuple(item for known, item in named(self.added) if known == name)

    def drops(self, name: str) -> tuple[Setting[str], ...]:
        """Return the items of ``cap_drop`` that surely name a capability."""
        return tuple(item for known, item in named(self.dropped) if known == name)

    def grants(self, container: Container) -> list[Grant]:
        """Return each item of ``cap_add`` that surely takes effect.

        An addition wins over a drop of the same name, unless ``ALL`` is added as well.
        """
        if not self.added_names:
            return []
        effective = self.effective
        return [
            Grant(container, name, item)
            for name, item in named(self.added)
            if name == "ALL" or name in effective
        ]


def named(settings: SettingList[str]) -> Iterator[tuple[str, Setting[str]]]:
    """Yield the items of ``cap_add`` or ``cap_drop`` that are decided, each named."""
    for item in settings.items:
        if item.decided and item.value is not None:
            yield capability.canonical(item.value), item
