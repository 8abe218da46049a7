"""The hooks of a service: commands that Compose runs next to the main one."""

from __future__ import annotations

from tightship.frontends.compose.edits import remove_key
from tightship.model.setting import Setting, flag_setting, text_setting
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.service import Service
    from tightship.text import Edit


class Hook:
    """A command that runs before, after or next to the main one.

    ``kind`` is ``pre_start``, ``post_start``, ``pre_stop``, or ``develop.watch`` for
    a command that runs when watched files change.
    """

    __slots__ = ("kind", "table")

    def __init__(self, kind: str, table: MappingValue) -> None:
        self.kind = kind
        self.table = table

    @property
    def privileged(self) -> Setting[bool]:
        """Return whether the command gets all capabilities (default: it does not)."""
        leaf = self._leaf("privileged")
        return flag_setting(leaf) if leaf else Setting(self.table.span, None)

    @property
    def user(self) -> Setting[str]:
        """Return the command's user; absent means that of the main command."""
        leaf = self._leaf("user")
        return text_setting(leaf) if leaf else Setting(self.table.span, None)

    def _leaf(self, key: str) -> ScalarValue | None:
        leaf = self.table.get(key)
        return leaf if isinstance(leaf, ScalarValue) and not leaf.is_null else None

    def remove(self, key: str) -> tuple[Edit, ...]:
        """Return the edit that removes a setting, where it is written here."""
        own = self.table.is_own and not self.table.inherits(key)
        return remove_key(self.table.node, key) if own else ()


def hooks(service: Service) -> Iterator[Hook]:
    """Yield a service's hooks, in the order in which they run."""
    for kind in ("pre_start", "post_start", "pre_stop"):
        for item in service.items(kind):
            if isinstance(item, MappingValue):
                yield Hook(kind, item)
    for item in service.items("develop", "watch"):
        command = item.get("exec") if isinstance(item, MappingValue) else None
        if isinstance(command, MappingValue):
            yield Hook("develop.watch", command)
