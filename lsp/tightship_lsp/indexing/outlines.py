"""Outlines of files, each made once for a text."""

from __future__ import annotations

import os
from contextlib import suppress

from tightship.text import Source
from tightship_lsp.symbols.compose import compose_outline, dotenv_outline
from tightship_lsp.symbols.dockerfile import dockerfile_outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship_lsp.symbols.members import Language
    from tightship_lsp.symbols.outline import Outline

_MAKERS: dict[Language, Callable[[Source], Outline]] = {
    "compose": compose_outline,
    "dockerfile": dockerfile_outline,
    "variables": dotenv_outline,
}
_MOST = 4000  # files


class Outlines:
    """Makes outlines, and keeps them as long as the texts are the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, Language], Outline] = {}

    def of(self, path: str, source: Source, language: Language) -> Outline:
        """Return the outline of a text, by the path of its file."""
        key = path, language
        known = self._made.pop(key, None)
        if known is None or known.source.text != source.text or known.source.bom != source.bom:
            known = _MAKERS[language](source)
        self._made[key] = known
        if len(self._made) > _MOST:
            del self._made[next(iter(self._made))]
        return known


class Reading:
    """The questions of one project to the disk, and the answers.

    ``earlier`` has answers that are still true.
    """

    def __init__(
        self, outlines: Outlines, disk: RecordedFiles, earlier: Reading | None = None
    ) -> None:
        self._outlines = outlines
        self.disk = disk
        self._earlier = earlier
        self._before: frozenset[str] = earlier.dependencies if earlier else frozenset()
        self.read: dict[tuple[str, Language], Outline | None] = {}
        self.found: dict[str, bool] = {}
        self.listed: dict[str, list[str]] = {}

    @property
    def dependencies(self) -> frozenset[str]:
        """Return the absolute paths of all files that the answers depend on."""
        return self._before.union(self.disk.recorded_paths)

    def without(self, changed: Collection[str]) -> Reading:
        """Return the answers that do not depend on some files."""
        made = Reading(self._outlines, self.disk)
        made._before = self.dependencies
        made.read = {asked: one for asked, one in self.read.items() if asked[0] not in changed}
        made.found = {path: found for path, found in self.found.items() if path not in changed}
        made.listed = self.listed
        return made

    def outline(self, path: str, language: Language) -> Outline | None:
        """Return the outline of a file; none if it cannot be read."""
        key = path, language
        if key not in self.read:
            earlier = self._earlier.read if self._earlier else self.read
            self.read[key] = earlier[key] if key in earlier else self._outline(path, language)
        return self.read[key]

    def exists(self, path: str) -> bool:
        """Return whether there is a file."""
        if path not in self.found:
            earlier = self._earlier.found.get(path) if self._earlier else None
            self.found[path] = self.disk.exists(path) if earlier is None else earlier
        return self.found[path]

    def names_in(self, folder: str) -> list[str]:
        """Return the names in a folder of the project, in order."""
        if folder not in self.listed:
            names = self._earlier.listed.get(folder) if self._earlier else None
            self.listed[folder] = self._names_in(folder) if names is None else names
        return self.listed[folder]

    def source(self, path: str) -> Source | None:
        """Return a file of variables, whose text is recorded by its outline."""
        outline = self.outline(path, "variables")
        return None if outline is None else outline.source

    def is_same(self, other: Reading) -> bool:
        """Return whether all questions have the same answers with other files."""
        return (
            all(other.outline(*asked) is outline for asked, outline in self.read.items())
            and all(other.exists(path) == found for path, found in self.found.items())
            and all(other.names_in(folder) == names for folder, names in self.listed.items())
        )

    def _outline(self, path: str, language: Language) -> Outline | None:
        read = self.disk.read_dockerfile if language == "dockerfile" else self.disk.read
        source = read(path)
        if not isinstance(source, Source):
            return None
        return self._outlines.of(path, source, language)

    def _names_in(self, folder: str) -> list[str]:
        if self.disk.name(folder) is not None:
            with suppress(OSError):
                return sorted(os.listdir(folder))
        return []
