"""The settings of a run as they were before a change: for files as they are after it."""

from __future__ import annotations

import os

from tightship.config.key import ConfigError
from tightship.engine.plan.config_files import FACTS, NAMES, Configs
from tightship.engine.plan.settings_text import settings_in
from tightship.engine.plan.walk import is_skipped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.files import Files
    from tightship.engine.disk.root import Roots
    from tightship.images.own_facts import OwnFacts


class SettingsBefore(Configs):
    """The settings before a change.

    A file that was invalid then counts as absent: nobody could have been judged by it.
    """

    def __init__(
        self,
        before: Callable[[Files], Files],
        former: Mapping[str, str] | None = None,
        place: Callable[[str], str] | None = None,
        **given: Any,
    ) -> None:
        """Begin a run.

        Args:
            before: returns the files before the change, with the same names.
            former: the absolute paths that renamed files had.
            place: returns where a path was before, if the sides are two folders.
            given: what else :class:`Configs` takes.

        """
        super().__init__(**given)
        self._before = before
        self._former = former or {}
        self._place = place

    def baseline(self, folder: str, files: Files) -> Baseline | None:
        """Return the baseline for a folder; an empty one if it was invalid."""
        path = self.baseline_path(self.of(folder, files), files)
        if path:
            files.record(path)
        try:
            return super().baseline(folder, self._before(files))
        except ConfigError:
            return None

    def facts(self, folder: str, files: Files) -> OwnFacts | None:
        """Return the facts of the user's own; a file that was invalid then is left out."""
        from tightship.engine.plan.settings_files import facts_of

        beside = os.path.join(folder, FACTS)
        if files.exists(beside):
            files.record(beside)
        settings, line = self.of(folder, files), self.command_line.facts
        return facts_of(
            *(folder, self._before(files), settings, line),
            given=settings is self._given,
            there=lambda path: self._there(path, files),
        )

    def _there(self, path: str, files: Files) -> str:
        """Return where a path was before the change."""
        return self._place(path) if self._place else files.name(path) or path

    def former(self, path: str) -> str:
        """Return the absolute path that a file had; empty unless it was renamed."""
        return self._former.get(path, "")

    def moved_out_of_sight(
        self, roots: Roots, is_file: Callable[[str], bool] = os.path.isfile
    ) -> list[str]:
        """Return the renamed files that the settings checked, but for their new names."""
        excluded = self.excludes(roots)
        return [
            path
            for path, former in self._former.items()
            if is_file(path)
            and (excluded(path, False) or _is_in_skipped(path, roots))
            and not (excluded(former, False) or _is_in_skipped(former, roots))
        ]

    def _own(self, folder: str, files: Files) -> Settings | None:
        before = self._before(files)
        for name in NAMES:
            path = os.path.join(folder, name)
            if files.exists(path):
                files.record(path)
            there = self._there(path, files)
            if not before.exists(there):
                continue
            if path not in self._read:
                self._read[path] = self._valid(path, there, before)
            settings = self._read[path]
            if settings is not None:
                self._roots[id(settings)] = files.root
                return settings
        return None

    def _valid(self, path: str, name: str, before: Files) -> Settings | None:
        try:
            return settings_in(before.read(name), path, before.root)
        except ConfigError:
            return None


def _is_in_skipped(path: str, roots: Roots) -> bool:
    folder = os.path.relpath(os.path.dirname(path), roots.of(path))
    parts = folder.split(os.sep)
    return any(map(is_skipped, parts, ["", *parts]))
