"""Edits of the `runArgs` of a `devcontainer.json`."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor
from tightship.syntax.yaml.edit import append, put
from tightship.syntax.yaml.nodes import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import abc

    from tightship.frontends.flags.flags import Arguments
    from tightship.model.editor import Edits
    from tightship.syntax.yaml.nodes import Mapping


class ArgumentsEditor(FlagEditor):
    """Edits of the list of arguments for `docker run`."""

    __slots__ = ("_root",)

    def __init__(self, arguments: Arguments, root: Mapping) -> None:
        super().__init__(arguments)
        self._root = root

    def insertion(self, flags: abc.Sequence[str]) -> Edits:
        """Return the edit that adds each flag, and its value as an item after it."""
        words = [word for flag in flags for word in flag.split(" ")]
        known = self._root.get("runArgs")
        if known is None:
            edit = put(self._root, "runArgs", words)
        else:
            edit = append(known, *words) if isinstance(known, Sequence) else None
        return (edit,) if edit is not None else ()
