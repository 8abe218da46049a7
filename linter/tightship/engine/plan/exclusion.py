"""The paths that settings and a command line exclude."""

from __future__ import annotations

from tightship.engine.disk.root import holds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.settings import CommandLine
    from tightship.engine.settings.rule_settings import Paths


class Exclusion:
    """The excluded paths, by the patterns of settings and of a command line."""

    def __init__(self, command_line: CommandLine) -> None:
        self._given = command_line.exclude
        self._folder = command_line.folder
        self._patterns: dict[int | str, Paths] = {}

    def are_set_for(self, path: str, is_folder: bool, settings: Settings | None) -> bool:
        """Return whether settings exclude a file or folder."""
        if settings is None or not settings.exclude:
            return False
        paths = self._paths(id(settings), settings.exclude, settings.folder)
        return paths.cover(path, folder=is_folder)

    def are_given_for(self, path: str, is_folder: bool, root_of: Callable[[str], str]) -> bool:
        """Return whether the command line excludes a file or folder.

        ``root_of`` returns the project root of a path.
        """
        if not self._given:
            return False
        folder = self._folder if holds(self._folder, path) else root_of(path)
        paths = self._paths(folder, self._given, folder)
        return paths.cover(path, folder=is_folder)

    def _paths(self, key: int | str, patterns: Sequence[str], folder: str) -> Paths:
        if key not in self._patterns:
            from tightship.engine.settings.rule_settings import Paths

            self._patterns[key] = Paths(patterns, folder)
        return self._patterns[key]
