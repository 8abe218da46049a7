"""Which files make up the project that a file stands for."""

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
    """What is judged as one project.

    ``paths`` are the files that Compose would load, absolute, the main one first.
    ``complete`` tells that these are all: what they leave out is not set.
    """

    __slots__ = ("complete", "directory", "paths", "variables")

    def __init__(
        self,
        paths: list[str],
        directory: str,
        variables: Variables,
        *,
        complete: bool,
    ) -> None:
        self.paths = paths
        self.directory = directory
        self.variables = variables
        self.complete = complete


def project_files(
    files: Files,
    found: Candidate,
    options: Options,
    environment: Mapping[str, str] | None = None,
) -> ProjectFiles:
    """Return the project that a file stands for.

    A main file stands for what Compose loads in its folder, and so does the override
    beside it. Any other file stands for itself. If its name is one of Compose's, and
    there is a main file that it may be meant to be laid over, then it is judged for
    what it grants, and not for what it leaves out.
    """
    folder = os.path.dirname(found.path)
    if not options.files and not _is_loaded(found):
        options = Options(
            files=(found.path,),
            env_files=options.env_files,
            project_directory=options.project_directory,
        )
        complete = found.project is None or found.language is None
    else:
        complete = True
    call = invocation(
        os.path.realpath(os.curdir) if options.files else folder,
        options,
        exists=files.exists,
        read=files.read,
        environment=environment,
        ceiling=files.root if options.files else folder,
    )
    paths = call.files or [found.path]
    return ProjectFiles(paths, call.directory, call.variables, complete=complete)


def _is_loaded(found: Candidate) -> bool:
    """Tell whether Compose loads a file by itself: a main file, or its override."""
    if found.project == found.path or found.kind in ("main", "override"):
        return True
    return found.project is not None and ".override." in os.path.basename(found.path)
