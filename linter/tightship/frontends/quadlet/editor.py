"""Edits of a unit of Podman: lines with new keys below that of the image."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor
from tightship.frontends.quadlet.wording import line_of
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Arguments
    from tightship.model.editor import Edits


class UnitEditor(FlagEditor):
    """Edits of one unit, whose image is at ``place``."""

    __slots__ = ("_place",)

    ends_with_flags = True

    def __init__(self, arguments: Arguments, place: Span) -> None:
        super().__init__(arguments)
        self._place = place

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds a line for each flag."""
        source = self._place.source
        end = source.line_end(self._place.start)
        lines = "".join(
            f"{source.newline}{line_of(*flag.removeprefix('--').split(' ', 1))}" for flag in flags
        )
        return (Edit(Span(source, end, end), lines),)
