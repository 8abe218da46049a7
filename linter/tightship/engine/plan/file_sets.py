"""Projects that a configuration puts together from files of its choice."""

from __future__ import annotations

import os

from tightship.compose.loading.options import Options
from tightship.engine.plan.candidates import Candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.config.settings import ProjectDefinition, Settings


class FileSet:
    """Files that are judged as one project; ``paths`` are absolute, the main one first.

    ``options`` are what Compose would be called with.
    """

    __slots__ = ("options", "paths")

    def __init__(
        self, given: ProjectDefinition, folder: str, usual: Options | None
    ) -> None:
        """Take what is set in a folder; ``usual`` counts where nothing is said."""

        def full(names: Sequence[str]) -> tuple[str, ...]:
            return tuple(os.path.normpath(os.path.join(folder, one)) for one in names)

        usual = usual or Options()
        self.paths = full(given.files)
        self.options = Options(
            files=self.paths,
            env_files=full(given.env_files) or usual.env_files,
            profiles=usual.profiles,
            project_directory=usual.project_directory,
            name=given.name or usual.name,
        )

    @property
    def folder(self) -> str:
        """Return the folder of the main file."""
        return os.path.dirname(self.paths[0])

    def found(self, found: Candidate | None = None) -> Candidate:
        """Return what stands for the whole of it, or for a file of it that is named."""
        path = self.paths[0]
        if found is not None and found.kind == "named":
            path = found.path
        return Candidate(path, "named", self.paths[0], "compose")


def sets_of(settings: Settings | None, usual: Options | None) -> Iterator[FileSet]:
    """Yield all projects that settings put together."""
    for one in settings.projects if settings is not None else ():
        yield FileSet(one, settings.folder if settings is not None else "", usual)


def sets_for(
    found: Candidate, settings: Settings | None, usual: Options | None
) -> list[FileSet] | None:
    """Return the projects that a file stands for; None if they are not put together.

    What Compose would load in a folder by itself stands for all that are put together
    there, be it part of them or not.
    """
    every = [*sets_of(settings, usual)]
    own = [one for one in every if found.path in one.paths]
    if not own and found.kind in ("main", "override"):
        own = [one for one in every if one.folder == os.path.dirname(found.path)]
    return [*{one.paths: one for one in own}.values()] or None
