"""Edits of a command that builds an image: flags that are removed."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor
from tightship.frontends.flags.values import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.model.editor import Edits
    from tightship.model.setting import Setting


class BuildEditor(FlagEditor):
    """Edits of one command, whose flags may follow its context."""

    __slots__ = ()

    ends_with_flags = True

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edits that remove the flags of an entry of ``build``."""
        return super().remove_nested((), key)

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return the edit that removes the flag of an item of ``build``."""
        for one in self._given((path[-1],)):
            if one.value is not None and place(one.value, one.skip) == item.span:
                return self._removal(one)
        return ()

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return nothing: no rule adds to a build."""
        return ()
