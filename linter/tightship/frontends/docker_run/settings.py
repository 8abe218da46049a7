"""The settings of the container that a command starts, by the names of Compose's keys."""

from __future__ import annotations

from tightship.frontends.docker_run.entries import Entries
from tightship.frontends.docker_run.values import network_of
from tightship.model.container_settings import ContainerSettings
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.frontends.docker_run.commands import RunCommand
    from tightship.frontends.docker_run.editor import CommandEditor
    from tightship.frontends.docker_run.file_project import FileProject
    from tightship.frontends.docker_run.flags import Arguments, Given
    from tightship.text import Span


UNIT = ".service"
_LASTING = frozenset(("detach", "publish", "publish-all", "restart"))


class FlagSettings(ContainerSettings):
    """The settings of a container as flags of an engine, and keys of a file, have them."""

    __slots__ = ("arguments",)

    def __init__(
        self,
        name: str,
        key: Span,
        arguments: Arguments,
        entries: Entries,
        project: FileProject,
        *,
        complete: bool = True,
    ) -> None:
        self.arguments = arguments
        entries.read(arguments)
        table = MappingValue(Mapping(key, entries.nodes, flow=True), (), Reading(NONE))
        super().__init__(
            name,
            Scalar(key, name),
            table,
            project,
            complete=complete and arguments.unknown is None,
            elsewhere=entries.hidden,
        )

    @property
    def program(self) -> str:
        """Return the engine, which reads its own flags."""
        return self.engine

    def worded(self, text: str) -> str:
        """Return a text about it, with flags and the file's own keys in place of Compose's."""
        from tightship.frontends.docker_run.wording import of_podman, worded  # only findings ask

        made = worded(text, self.spelled)
        return of_podman(made) if self.engine == "Podman" else made

    def spelled(self, key: str, flag: str, values: Sequence[str]) -> str:
        """Return how the file spells a key of Compose: as a flag, with its values, if any."""
        from tightship.frontends.docker_run.wording import as_flags

        return as_flags(flag, values)


class CommandSettings(FlagSettings):
    """The settings of one container; ``command`` is what starts it."""

    __slots__ = ("command",)

    def __init__(self, name: str, command: RunCommand, project: FileProject) -> None:
        self.command = command
        found = command.arguments
        complete = found.image is not None  # without one, there is no container that lacks a thing
        super().__init__(name, command.span, found, Entries(), project, complete=complete)

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


def network_names(flags: Iterable[Given]) -> Iterator[str]:
    """Yield the networks that flags name, which they do not create."""
    for given in flags:
        if given.flag.kind == "network":
            found = network_of(given)
            if found is not None and found[0] == "networks":
                yield found[1].value
