"""Edits of a `devcontainer.json`: of its `runArgs`, and of the keys that count after them.

The reference implementation passes `privileged` and `init` behind `runArgs`
(devcontainers/cli, src/spec-node/singleContainer.ts), so that no argument can undo them.
"""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor
from tightship.syntax.yaml.edit import Text, append, put
from tightship.syntax.yaml.nodes import Scalar, Sequence
from tightship.text import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import abc

    from tightship.frontends.flags.flags import Arguments
    from tightship.model.editor import Edits
    from tightship.syntax.yaml.layout import Plain
    from tightship.syntax.yaml.nodes import Mapping


_LAST = frozenset(("privileged", "init"))


class ArgumentsEditor(FlagEditor):
    """Edits of the list of arguments for `docker run`."""

    __slots__ = ("_root",)

    def __init__(self, arguments: Arguments, root: Mapping) -> None:
        super().__init__(arguments)
        self._root = root

    def put(self, key: str, value: Plain) -> Edits:
        """Return the edit that sets a key, where the file has it itself."""
        own = self._root.get(key) if key in _LAST else None
        if not isinstance(value, str) or not isinstance(own, Scalar) or own.style:
            return super().put(key, value)
        return (Edit(own.span, value),) if not self._given((key,)) else ()

    def remove(self, key: str) -> Edits:
        """Return the edits that remove what sets a key."""
        is_last = key in _LAST and self._root.get(key) is not None
        return self.put(key, "false") if is_last else super().remove(key)

    def insertion(self, flags: abc.Sequence[str]) -> Edits:
        """Return the edit that adds each flag, and its value as an item after it."""
        words = [Text(word) for flag in flags for word in flag.split(" ")]
        known = self._root.get("runArgs")
        if isinstance(known, Sequence) and known.items:
            edit = append(known, *words)
            return (edit,) if edit is not None else ()
        if isinstance(known, Sequence):
            from json import dumps

            edit = Edit(known.span, dumps(words))
        else:
            edit = put(self._root, "runArgs", words)
        if edit is None:
            return ()
        # A new list is there once, whatever else a fix adds to it.
        head, bracket, rest = edit.text.partition("[")
        tail = rest[rest.rindex("]") :]
        return (Edit(edit.span, edit.text, adds_to=edit.adds_to, head=head + bracket, tail=tail),)
