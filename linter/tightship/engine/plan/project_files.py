"""The files of the project that a candidate stands for."""

from __future__ import annotations

from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.lazy import Record
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.roles.role import Role
    from tightship.frontends.compose.loading.invocation import Invocation
    from tightship.model.reading import Variables


class ProjectFiles(Record):
    """The files of a project.

    ``paths`` are the files that Compose would load, absolute, the main one first.
    ``is_side`` is true for a single file that Compose does not load by itself, and
    ``is_overlay`` for one that is merged over others, which are not known. ``platform`` adds
    parts to them: its name in the configuration, and what shows it.
    """

    paths: list[str]
    directory: str
    variables: Variables
    is_side: bool = False
    is_overlay: bool = False
    platform: tuple[str, str] | None = None


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
    if options.files or candidate.kind == "main" or candidate.path in call.files:
        paths = call.files or [candidate.path]
        platform = candidate.role.platform if candidate.role is not None else None
        return ProjectFiles(paths, call.directory, call.variables, platform=platform)
    role = candidate.role or _role(files, candidate.path)
    chain = role.chains[0] if role.chains else None
    alone = Options(
        files=chain.files if chain is not None else (candidate.path,),
        env_files=options.env_files,
        project_directory=options.project_directory,
        environment=options.environment,
    )
    call = called(here, alone)
    is_overlay = chain is None and role.loading in ("overlay", "unknown")
    is_side = chain is None and (is_overlay or candidate.language is not None)
    given = call.files, call.directory, call.variables
    return ProjectFiles(*given, is_side=is_side, is_overlay=is_overlay, platform=role.platform)


def texts_of(files: Files, found: ProjectFiles) -> list[str]:
    """Return the texts of a project's files, as far as they can be read."""
    return [one.text for one in map(files.read, found.paths) if isinstance(one, Source)]


def _role(files: Files, path: str) -> Role:
    """Return the role of a file by its content, where no run has decided it."""
    from tightship.engine.roles.decide import Roles

    return Roles(files).of(path)


def main_project(files: Files, folder: str) -> ProjectFiles | None:
    """Return the files that Compose loads by itself in a folder, if there are any."""
    call = invocation(folder, Options(), exists=files.exists, read=files.read, ceiling=folder)
    return ProjectFiles(call.files, call.directory, call.variables) if call.files else None
