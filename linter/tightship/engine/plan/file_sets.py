"""File sets: projects that a configuration defines by their files."""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import Candidate
from tightship.frontends.compose.loading.invocation import Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import ProjectDefinition, Settings
    from tightship.frontends.invocations.found import Chain


class FileSet:
    """Files that are judged as one project; ``paths`` are absolute, in their order.

    ``main`` is the one that stands for it: the first one, unless another one is given.
    ``options`` are those of its invocation of Compose.
    """

    def __init__(self, options: Options, main: str = "") -> None:
        """Make the file set of an invocation, whose paths are absolute."""
        self.paths = (*options.files,)
        self.main = main or self.paths[0]
        self.options = options

    @property
    def folder(self) -> str:
        """Return the folder of the main file."""
        return os.path.dirname(self.main)

    def candidate(self, member: Candidate) -> Candidate:
        """Return the candidate for the file set, or for a member that was named."""
        path = member.path if member.kind == "named" else self.main
        return Candidate(path, "named", self.main, "compose")


def file_sets_of(settings: Settings | None, usual: Options | None) -> list[FileSet]:
    """Return all file sets that settings define."""
    if settings is None:
        return []
    return [_defined(one, settings.folder, usual or Options()) for one in settings.file_sets]


def _full(folder: str, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(os.path.normpath(os.path.join(folder, one)) for one in names)


def _on_platform(path: str, settings: Settings, usual: Options | None) -> list[FileSet]:
    """Return the file sets of a file on the platforms that run it."""
    from tightship.engine.settings.rule_settings import Paths

    usual, folder, found = usual or Options(), settings.folder, list[FileSet]()
    for one in settings.platform:
        before, after = _full(folder, one.before), _full(folder, one.after)
        is_own = path in before or path in after
        if is_own or (one.paths and not Paths(one.paths, folder).cover(path)):
            continue
        options = Options(
            files=(*before, path, *after),
            env_files=_full(folder, one.env_files) or usual.env_files,
            profiles=usual.profiles,
            project_directory=usual.project_directory or os.path.dirname(path),
            name=usual.name,
            environment=usual.environment,
        )
        found.append(FileSet(options, path))
    return found


def _defined(given: ProjectDefinition, folder: str, usual: Options) -> FileSet:
    """Return the file set of a definition in a folder; ``usual`` fills in options."""
    return FileSet(
        Options(
            files=_full(folder, given.files),
            env_files=_full(folder, given.env_files) or usual.env_files,
            profiles=usual.profiles,
            project_directory=usual.project_directory,
            name=given.name or usual.name,
            environment=usual.environment,
        )
    )


def file_set_of(chain: Chain, usual: Options | None = None) -> FileSet:
    """Return the file set of an invocation in the repository."""
    usual = usual or Options()
    return FileSet(
        Options(
            files=chain.files,
            env_files=chain.env_files or usual.env_files,
            profiles=usual.profiles,
            project_directory=chain.project_directory or "",
            name=chain.name or usual.name,
            environment=usual.environment,
        )
    )


def file_sets_for(
    candidate: Candidate, settings: Settings | None, usual: Options | None
) -> list[FileSet] | None:
    """Return the file sets that a candidate is judged with, or None.

    Those that the settings define come before those of invocations in the repository, and
    what a platform merges in comes between them. A
    main file or its override means all that are defined in its folder, even if it is part of
    none.
    """
    every = file_sets_of(settings, usual)
    own = [one for one in every if candidate.path in one.paths]
    if not own and candidate.kind in ("main", "override"):
        own = [one for one in every if one.folder == os.path.dirname(candidate.path)]
    if not own and settings is not None and settings.platform:
        own = _on_platform(candidate.path, settings, usual)
    if not own and candidate.role is not None:
        own = [file_set_of(one, usual) for one in candidate.role.chains]
    return [*{(one.paths, one.options.env_files): one for one in own}.values()] or None
