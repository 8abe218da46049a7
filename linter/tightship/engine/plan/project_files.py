"""The files of the project that a candidate stands for."""

from __future__ import annotations

import os

from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.frontends.compose.loading.invocation import Invocation
    from tightship.model.reading import Variables


class ProjectFiles(Record):
    """The files of a project.

    ``paths`` are the files that Compose would load, absolute, the main one first.
    ``is_side`` is true for a single file that Compose does not load by itself: it may be
    a separate project, or an overlay, which is merged onto another file.
    """

    paths: list[str]
    directory: str
    variables: Variables
    is_side: bool = False


def project_files(files: Files, candidate: Candidate, options: Options) -> ProjectFiles:
    """Return the files of the project that a candidate stands for.

    A file that Compose loads in its folder stands for the project there, any other file
    for itself.
    """

    def called(folder: str, options: Options) -> Invocation:
        return invocation(
            folder,
            options,
            exists=files.exists,
            read=files.read,
            ceiling=files.root if options.files else folder,
        )

    here = files.start()
    call = called(here if options.files else candidate.folder, options)
    is_loaded = candidate.kind == "main" or candidate.path in call.files
    if options.files or is_loaded:
        paths = call.files or [candidate.path]
        return ProjectFiles(paths, call.directory, call.variables)
    alone = Options(
        files=(candidate.path,),
        env_files=options.env_files,
        project_directory=options.project_directory,
        environment=options.environment,
    )
    call = called(here, alone)
    is_side = candidate.language is not None
    return ProjectFiles(call.files, call.directory, call.variables, is_side=is_side)


def main_project(files: Files, path: str) -> ProjectFiles | None:
    """Return the files that Compose loads in the folder of a side file, or nearest above."""
    folder = os.path.dirname(path)
    while True:
        call = invocation(folder, Options(), exists=files.exists, read=files.read, ceiling=folder)
        if call.files:
            return ProjectFiles(call.files, call.directory, call.variables)
        above = os.path.dirname(folder)
        if folder == files.root or above == folder:
            return None
        folder = above
