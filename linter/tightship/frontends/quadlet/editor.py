"""Edits of a unit of Podman: lines with new keys below that of the image."""

from __future__ import annotations

from tightship.frontends.docker_run.editor import FlagEditor
from tightship.frontends.quadlet.project import keys
from tightship.lazy import cache
from tightship.text import Edit, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.docker_run.flags import Arguments
    from tightship.model.editor import Edits

_NO_NEW_PRIVILEGES = "--security-opt no-new-privileges:true"


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
        lines = "".join(f"{source.newline}{_line(flag)}" for flag in flags)
        return (Edit(Span(source, end, end), lines),)


def _line(flag: str) -> str:
    """Return the key that stands for a flag, or else the flag as it is."""
    if flag == _NO_NEW_PRIVILEGES:
        return "NoNewPrivileges=true"
    name, _, value = flag.removeprefix("--").partition(" ")
    key = _keys().get(name)
    return f"{key}={value or 'true'}" if key is not None else f"PodmanArgs={flag}"


@cache
def _keys() -> dict[str, str]:
    known = keys()
    groups = (known["values"], known["lists"], known["switches"])
    return {flag: key for group in groups for key, flag in group.items()}
