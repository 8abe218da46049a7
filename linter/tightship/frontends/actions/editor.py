"""Edits of the options of a container in a workflow."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor, end_of
from tightship.syntax.yaml.edit import put
from tightship.syntax.yaml.nodes import Scalar
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Arguments
    from tightship.model.editor import Edits
    from tightship.syntax.yaml.nodes import Mapping


class OptionsEditor(FlagEditor):
    """Edits of `options:`; without a mapping, as in `container: node:24`, there are none."""

    __slots__ = ("_container",)

    ends_with_flags = True

    def __init__(self, arguments: Arguments, container: Mapping | None) -> None:
        super().__init__(arguments)
        self._container = container

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
