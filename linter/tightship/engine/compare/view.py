"""What a change leaves to be compared by its own settings, and what it leaves out.

Both sides of a comparison are found by the settings before the change, so that a change
cannot hide what it does. This tells which projects its own settings would leave out.
"""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.job import planned_file_sets
from tightship.engine.settings.settings_change import LEFT_OUT, SettingsChange

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.config.settings import Settings
    from tightship.text import Span

    SettingsOf = Callable[[str], Settings | None]


class ChangedView:
    """The projects after a change, as its own settings see them.

    ``edited`` are the places where the change decides anew what is compared.
    """

    def __init__(
        self,
        before: SettingsOf,
        now: SettingsOf,
        excludes: Callable[[str], bool],
        excluded_before: Callable[[str], bool],
        changed: Iterable[str] = (),
    ) -> None:
        """Begin.

        Args:
            before: returns the settings for a folder before the change.
            now: returns those after it.
            excludes: returns whether the settings after it exclude a path.
            excluded_before: returns whether those before it do.
            changed: the absolute paths of files that differ.

        """
        self._before = before
        self._now = now
        self._excludes = excludes
        self._excluded_before = excluded_before
        self._changed = [*changed]

    def is_out_of_sight(self, path: str) -> bool:
        """Return whether the settings before the change exclude a path."""
        return self._excluded_before(path)

    def hides(self, path: str, former: str = "") -> str:
        """Return by what the change hides a project; empty if it does not.

        ``former`` is the name of its main file before.
        """
        if self.is_out_of_sight(path):
            return f"hidden by this change, which moves it from {former}"
        folder = os.path.dirname(path)
        now = self._now(folder)
        if not self._excludes(path) and not _replaces(now, path):
            return ""
        hiding = SettingsChange(self._before(folder), now).hiding(LEFT_OUT)
        return hiding.text if hiding is not None else ""

    @property
    def edited(self) -> Iterator[Span]:
        """Yield the places where the change decides anew what is compared."""
        for path in sorted(self._changed):
            folder, name = os.path.split(path)
            if name not in NAMES:
                continue
            change = SettingsChange(self._before(folder), self._now(folder))
            places = (change.place(key) for key in LEFT_OUT if key in change.keys)
            yield from (place for place in places if place is not None)


def _replaces(settings: Settings | None, path: str) -> bool:
    """Return whether the projects that settings define leave out a file."""
    main = Candidate(path, "main", path, language_of(os.path.basename(path)))
    sets = planned_file_sets(main, settings)
    return sets is not None and all(path not in one.paths for one in sets)
