"""File sets: projects that a configuration defines by their files."""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import Candidate
from tightship.frontends.compose.loading.options import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import ProjectDefinition, Settings


class FileSet:
    """Files that are judged as one project; ``paths`` are absolute, the main one first.

    ``options`` are those of its invocation of Compose.
    """

    def __init__(self, given: ProjectDefinition, folder: str, usual: Options | None) -> None:
        """Make the file set of a definition in a folder; ``usual`` fills in options."""

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
            environment=usual.environment,
        )

    @property
    def folder(self) -> str:
        """Return the folder of the main file."""
        return os.path.dirname(self.paths[0])

    def candidate(self, member: Candidate) -> Candidate:
        """Return the candidate for the file set, or for a member that was named."""
        path = member.path if member.kind == "named" else self.paths[0]
        return Candidate(path, "named", self.paths[0], "compose")


def file_sets_of(settings: Settings | None, usual: Options | None) -> list[FileSet]:
    """Return all file sets that settings define."""
    if settings is None:
        return []
    return [FileSet(one, settings.folder, usual) for one in settings.projects]


def file_sets_for(
    candidate: Candidate, settings: Settings | None, usual: Options | None
) -> list[FileSet] | None:
    """Return the file sets that a candidate is judged with, or None.

    A main file or its override means all file sets of its folder, even if it is
    part of none.
    """
    every = file_sets_of(settings, usual)
    own = [one for one in every if candidate.path in one.paths]
    if not own and candidate.kind in ("main", "override"):
        own = [one for one in every if one.folder == os.path.dirname(candidate.path)]
    return [*{one.paths: one for one in own}.values()] or None
