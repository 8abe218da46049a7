"""What the commands of a file start and build, each script read once."""

from __future__ import annotations

from tightship.frontends.docker_build.settings import BuildSettings
from tightship.frontends.docker_run.project import declare as declare_runs, name_of_image
from tightship.frontends.flags.build_arguments import build_arguments
from tightship.frontends.invocations.folder import folders_of
from tightship.lazy import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.frontends.flags.flags import Arguments
    from tightship.frontends.invocations.commands import EngineCommand
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Script


def declare(project: FileProject, scripts: Iterable[Script] | None = None) -> None:
    """Add the containers and the images of a file's commands to its project.

    ``scripts`` have the commands, if not those of the file by its kind.
    """
    declare_runs(project, partial(_add, project), scripts)


def _add(project: FileProject, command: EngineCommand) -> None:
    arguments = build_arguments(command.words, command.engine)
    folders = folders_of(project.source, command)
    shown = _name_of(arguments)
    project.add_image(
        shown or "image",
        lambda name: BuildSettings(name, shown, command, arguments, folders, project),
    )


def _name_of(arguments: Arguments) -> str:
    """Return the name of an image by its first tag, or else that of its context, if it has one."""
    for given in arguments.flags:
        if given.flag.name == "tag" and given.value is not None:
            return name_of_image(given.value, given.skip)
    context = arguments.image
    return (context.value or "").strip("/.-").rpartition("/")[2] if context is not None else ""
