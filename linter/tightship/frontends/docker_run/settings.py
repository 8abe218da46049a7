"""The settings of the container that a command starts."""

from __future__ import annotations

from tightship.frontends.flags.entries import Entries, FlagSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.docker_run.editor import CommandEditor
    from tightship.frontends.invocations.commands import RunCommand
    from tightship.model.file_project import FileProject
    from tightship.text import Span


UNIT = ".service"
_LASTING = frozenset(("detach", "publish", "publish-all", "restart"))


class CommandSettings(FlagSettings):
    """The settings of one container; ``command`` is what starts it."""

    __slots__ = ("command",)

    def __init__(self, name: str, command: RunCommand, project: FileProject) -> None:
        self.command = command
        found = command.arguments
        complete = found.image is not None  # without one, there is no container that lacks a thing
        super().__init__(
            name, command.span, found, Entries(command.here), project, complete=complete
        )

    @property
    def engine(self) -> str:
        """Return the engine that the command is for."""
        return "Podman" if self.command.engine == "podman" else "Docker"

    @property
    def is_brief(self) -> bool:
        """Return whether it runs a command in the foreground that nobody reaches, as tools do."""
        given = {one.flag.name for one in self.arguments.flags}
        is_for_once = "rm" in given or bool(self.arguments.command)
        is_service = not given.isdisjoint(_LASTING) or self.span.source.name.endswith(UNIT)
        return is_for_once and not is_service and not self.text("network_mode").could_be("host")

    @property
    def extent(self) -> Span:
        """Return the place of the whole command."""
        return self.command.whole

    @property
    def editor(self) -> CommandEditor:
        """Return what edits the command."""
        from tightship.frontends.docker_run.editor import CommandEditor  # only findings ask

        return CommandEditor(self.command)
