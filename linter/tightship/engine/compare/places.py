"""Places of a comparison: those in inline Dockerfiles are moved to the Compose file."""

from __future__ import annotations

from tightship.engine.compare.change import RowChange, ServiceChange
from tightship.engine.compare.state import State
from tightship.engine.judge.inline import moved_span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.engine.compare.revision import SideProject
    from tightship.frontends.compose.inline_dockerfile import InlineDockerfile
    from tightship.text import Source


class Places:
    """The places of two projects."""

    def __init__(self, before: SideProject, after: SideProject) -> None:
        self._inlines: Mapping[Source, InlineDockerfile] = {
            inline.source: inline
            for one in (before, after)
            if one.loaded is not None and one.loaded.built is not None
            for inline in one.loaded.built.inlines
        }

    def of(self, change: ServiceChange) -> ServiceChange:
        """Return a change with all its places in files."""
        if not self._inlines:
            return change
        rows = tuple(
            RowChange(
                row.mechanism,
                row.subject,
                self._state(row.before) if row.before is not None else None,
                self._state(row.after),
                row.direction,
            )
            for row in change.rows
        )
        return change.replaced(rows=rows)

    def _state(self, state: State) -> State:
        place = state.place and moved_span(state.place, self._inlines)
        return State(
            state.text,
            place,
            state.certain,
            state.possible,
            names=state.names,
            exposure=state.exposure,
        )
