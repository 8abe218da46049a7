"""Edits of a workflow: the options of a container, and the inputs of a step that builds."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor, end_of
from tightship.lazy import TYPE_CHECKING, regex
from tightship.model.editor import Editor
from tightship.syntax.yaml.edit import put
from tightship.syntax.yaml.nodes import Scalar
from tightship.syntax.yaml.remove import remove_entry
from tightship.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.model.editor import Edits
    from tightship.model.setting import Setting
    from tightship.syntax.yaml.nodes import Mapping

_INPUTS = {"entitlements": "allow", "network": "network"}
# An item with the comma or the line that it takes with it, and what begins the next one.
_AFTER = regex(r"[ \t]*(?:,[ \t]*(?:\r?\n[ \t]*)?|\r?\n[ \t]*)(?=[\w.])")
_BEFORE = regex(r"(?:,[ \t]*|\r?\n[ \t]*)\Z")


class OptionsEditor(FlagEditor):
    """Edits of `options:`; without a mapping, as in `container: node:24`, there are none."""

    __slots__ = ("_container",)

    ends_with_flags = True

    def __init__(self, arguments: Arguments, container: Mapping | None) -> None:
        super().__init__(arguments)
        self._container = container

    def _last_removed(self, given: Given) -> Edits:
        """Return the edit that removes a last flag; the runner refuses empty `options`."""
        if len(self._arguments.flags) > 1 or self._container is None:
            return super()._last_removed(given)
        return _without(self._container, "options")

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds flags after the last one."""
        if self._container is None or self._arguments.unknown is not None:
            return ()
        options = self._container.get("options")
        if options is None:
            edit = put(self._container, "options", " ".join(flags))
            if edit is None:
                return ()
            # In a flow mapping the flags are in quotes: no other edit can continue them.
            head = edit.text.partition(":")[0] + ":" if not self._container.flow else ""
            return (Edit(edit.span, edit.text, adds_to=edit.adds_to, head=head),)
        if not isinstance(options, Scalar) or not self._arguments.flags:
            return ()
        end = max(map(end_of, self._arguments.flags))
        span = Span(options.span.source, end, end)
        return (Edit(span, "".join(f" {flag}" for flag in flags)),)


class InputsEditor(Editor):
    """Edits of the inputs of `docker/build-push-action`; without a mapping there are none."""

    __slots__ = ("_inputs",)

    def __init__(self, inputs: Mapping | None) -> None:
        self._inputs = inputs

    def remove_nested(self, path: Sequence[str], key: str) -> Edits:
        """Return the edit that removes the input for an entry of ``build``."""
        return _without(self._inputs, _INPUTS.get(key, "")) if self._inputs is not None else ()

    def remove_nested_item(self, path: Sequence[str], item: Setting[str]) -> Edits:
        """Return the edit that removes an item of an input, and the input with its only one."""
        written = self._inputs.get(_INPUTS[path[-1]]) if self._inputs is not None else None
        if not isinstance(written, Scalar) or item.span.text != item.value:
            return ()
        if written.value.strip() == item.value:
            return self.remove_nested(path[:-1], path[-1])
        text, start, end = item.span.source.text, item.span.start, item.span.end
        if (after := _AFTER.match(text, end)) is not None and after.end() <= written.span.end:
            end = after.end()
        elif before := _BEFORE.search(text[written.span.start : start]):
            start -= len(before[0])
        else:
            return ()
        return (Edit(Span(item.span.source, start, end), ""),)


def _without(mapping: Mapping, name: str) -> Edits:
    """Return the edit that removes the only entry of a name."""
    found = [one for one, _ in mapping.entries if isinstance(one, Scalar) and one.value == name]
    edit = remove_entry(mapping, found[0]) if len(found) == 1 else None
    return () if edit is None else (edit,)
