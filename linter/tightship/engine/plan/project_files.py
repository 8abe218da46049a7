"""The files of the project that a candidate stands for."""

from __future__ import annotations

import os

from tightship.compose.loading.invocation import Options, invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.compose.loading.variables import Variables
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate


class ProjectFiles:
    """The files of a project.

    ``paths`` are the files that Compose would load, absolute, the main one first.
    ``complete`` is false if there may be others, so that absent keys may be set there.
    """

    def __init__(
        self, paths: list[str], directory: str, variables: Variables, *, complete: bool
    ) -> None:
        self.paths = paths
        self.directory = directory
        self.variables = variables
        self.complete = complete


def project_files(
    files: Files,
    candidate: Candidate,
    options: Options,
    environment: Mapping[str, str] | None = None,
) -> ProjectFiles:
    """Return the files of the project that a candidate stands for.

    A main file or its override stands for the project that Compose loads in its folder,
    any other file for itself. If such a file has a Compose name and there is a main file
    that it may override, it is not complete: it is judged for what it sets, and not for
    what it lacks.
    """
    folder, complete = os.path.dirname(candidate.path), True
    if not options.files and not _is_loaded(candidate):
        options = Options(
            files=(candidate.path,),
            env_files=options.env_files,
            project_directory=options.project_directory,
        )
        complete = candidate.project is None or candidate.language is None
    call = invocation(
        os.path.realpath(os.curdir) if options.files else folder,
        options,
        exists=files.exists,
        read=files.read,
        environment=environment,
        ceiling=files.root if options.files else folder,
    )
    paths = call.files or [candidate.path]
    return ProjectFiles(paths, call.directory, call.variables, complete=complete)


def _is_loaded(candidate: Candidate) -> bool:
    """Return whether Compose loads a file by default: a main file, or its override."""
    if candidate.project == candidate.path or candidate.kind in ("main", "override"):
        return True
    return candidate.project is not None and ".override." in os.path.basename(
        candidate.path
    )
