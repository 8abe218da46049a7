"""Edits of the settings of a container."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    from tightship.model.items import Hook, PortItem, Volume
    from tightship.model.setting import Setting
    from tightship.model.value import Value
    from tightship.syntax.yaml.layout import Plain
    from tightship.text import Edit

    Edits: TypeAlias = tuple[Edit, ...]


class Editor:
    """What edits set, add to, remove or list the settings of one container.

    An empty result means that the setting comes from elsewhere, or that its text cannot be
    rewritten with certainty. This one makes no edits at all, so the findings of a
    front end without an editor have no fixes. A front end overrides what it can do.
    """

    __slots__ = ()

    def put(self, key: str, value: Plain) -> Edits:
        """Return the edit that sets a key, or replaces its value."""
        return ()

    def remove(self, key: str) -> Edits:
        """Return the edit that removes a key, unless something else would set it then."""
        return ()

    def add(self, key: str, *items: str) -> Edits:
        """Return the edit that adds items to a list."""
        return ()

    def remove_item(self, key: str, item: Value | None) -> Edits:
        """Return the edit that removes an item from a list, and an empty list with it."""
        return ()

    def replace_item(self, key: str, item: Value | None, text: str) -> Edits:
        """Return the edit that rewrites an item of a list."""
        return ()

    def set_nested(self, path: Sequence[str], entries: dict[str, Plain]) -> Edits:
        """Return the edits that set entries of a mapping at a path."""
        return ()

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edit that removes an entry from a mapping at a path."""
        return ()

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return the edit that removes an item from a list at a path."""
        return ()

    def mount_named_volumes(self, targets: Mapping[str, str]) -> Edits:
        """Return the edits that declare volumes by name, and mount each at its path."""
        return ()

    def make_read_only(self, volume: Volume) -> Edits:
        """Return the edit that mounts a volume read-only."""
        return ()

    def set_propagation(self, volume: Volume, mode: str) -> Edits:
        """Return the edit that replaces the propagation of a mount."""
        return ()

    def remove_selinux(self, volume: Volume) -> Edits:
        """Return the edit that removes the SELinux label of a mount."""
        return ()

    def publish_on(self, item: PortItem, address: str) -> Edits:
        """Return the edit that publishes a port on one address of the host."""
        return ()

    def remove_from_hook(self, hook: Hook, key: str) -> Edits:
        """Return the edit that removes a setting of a hook."""
        return ()

    def reached(self, keys: Sequence[str]) -> Sequence[str]:
        """Return the names of all containers that get what an edit adds to these keys."""
        return ()
