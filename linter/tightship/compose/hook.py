"""The commands that Compose runs in a service's container, besides the main one."""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf, Table
from tightship.compose.service import text_field
from tightship.compose.setting import Setting
from tightship.syntax.yaml import edit as yaml_edit
from tightship.syntax.yaml import nodes as yaml
from tightship.values import scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.service import Service
    from tightship.text import Edit


class Hook:
    """A command that runs before, after or beside the main one, in its own rights.

    ``kind`` is ``pre_start``, ``post_start``, ``pre_stop``, or ``develop.watch`` for
    what runs when watched files change.
    """

    __slots__ = ("kind", "table")

    def __init__(self, kind: str, table: Table) -> None:
        self.kind = kind
        self.table = table

    @property
    def privileged(self) -> Setting[bool]:
        """Return whether the command gets all capabilities (default: it does not)."""
        leaf = self.table.get("privileged")
        if not isinstance(leaf, Leaf) or leaf.is_null:
            return Setting(self.table.span, None)
        known = scalar.as_bool(leaf.text) if leaf.decided else None
        return Setting(
            leaf.span,
            known,
            decided=leaf.decided,
            source=leaf,
            provenance=leaf.provenance,
        )

    @property
    def user(self) -> Setting[str]:
        """Return the command's user; absent means that of the main command."""
        leaf = self.table.get("user")
        if not isinstance(leaf, Leaf) or leaf.is_null:
            return Setting(self.table.span, None)
        return text_field(leaf)

    def remove(self, key: str) -> tuple[Edit, ...]:
        """Return the edit that takes a setting out, where it is written here."""
        if not self.table.is_own or self.table.inherits(key):
            return ()
        for name, _ in self.table.node.entries:
            if isinstance(name, yaml.Scalar) and name.value == key:
                edit = yaml_edit.remove_entry(self.table.node, name)
                return (edit,) if edit else ()
        return ()


def hooks(service: Service) -> Iterator[Hook]:
    """Yield a service's hooks, in the order in which they run."""
    for kind in ("pre_start", "post_start", "pre_stop"):
        for item in service.items(kind):
            if isinstance(item, Table):
                yield Hook(kind, item)
    for item in service.items("develop", "watch"):
        command = item.get("exec") if isinstance(item, Table) else None
        if isinstance(command, Table):
            yield Hook("develop.watch", command)
