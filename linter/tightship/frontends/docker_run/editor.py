"""Edits of a command that starts a container."""

from __future__ import annotations

from tightship.frontends.flags.editor import BETWEEN, FlagEditor, end_of, is_as_written
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.invocations.commands import RunCommand
    from tightship.model.editor import Edits


class CommandEditor(FlagEditor):
    """Edits of one command: new flags come before the image, as the flags before are written."""

    __slots__ = ("_command",)

    def __init__(self, command: RunCommand) -> None:
        super().__init__(command.arguments)
        self._command = command

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds flags before the image."""
        image = self._arguments.image
        if image is None or not is_as_written(image):
            return ()
        start, source = image.span.start, image.span.source
        whole = self._command.whole
        ends = (end_of(one) for one in self._arguments.flags)
        here = (end for end in ends if whole.start <= end <= start)  # others are in a variable
        before = max(here, default=self._command.span.end)
        between = source.text[before:start]
        if not BETWEEN.fullmatch(between):
            return ()
        text = "".join(f"{flag}{between}" for flag in flags)
        return (Edit(Span(source, start, start), text),)
