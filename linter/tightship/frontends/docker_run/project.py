"""A project of the containers that the commands of one file start."""

from __future__ import annotations

from tightship.frontends.docker_run.commands import run_commands
from tightship.frontends.docker_run.scripts import scripts_of
from tightship.frontends.docker_run.settings import CommandSettings, network_names
from tightship.model.project import Project
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.text import Span
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.frontends.docker_run.commands import RunCommand
    from tightship.model.project import Disk
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source


class CommandProject(Project):
    """The containers of a file's commands, by the names that these or their images have."""

    def __init__(self, source: Source, disk: Disk) -> None:
        self._source = source
        self._made: dict[str, CommandSettings] = {}
        commands = [one for script in scripts_of(source) for one in run_commands(script)]
        start = Span(source, 0, 0)
        names = {name for one in commands for name in network_names(one)}
        networks: list[tuple[Node, Node]] = [
            (Scalar(start, name), Mapping(start, [_external(start)], flow=True))
            for name in sorted(names)
        ]
        entries = [(Scalar(start, "networks"), Mapping(start, networks, flow=True))]
        root = Mapping(start, [*entries] if networks else [], flow=True)
        super().__init__(
            MappingValue(root, (), Reading(NONE)), self._made, disk, names=(source.name,)
        )
        for command in commands:
            name = self._free_name(_name_of(command))
            self._made[name] = CommandSettings(name, command, self)

    @property
    def commands(self) -> Iterable[CommandSettings]:
        """Return the settings of each container, in the order of the text."""
        return self._made.values()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the file."""
        return (self._source,)

    def _free_name(self, name: str) -> str:
        number, free = 1, name
        while free in self._made:
            number += 1
            free = f"{name}-{number}"
        return free


def _external(span: Span) -> tuple[Node, Node]:
    return Scalar(span, "external"), Scalar(span, "true")


def _name_of(command: RunCommand) -> str:
    """Return the name that a command gives its container, or else that of the image."""
    for given in command.arguments.flags:
        if given.flag.name == "name" and given.value is not None:
            text = (given.value.value or "")[given.skip :]
            if text:
                return text
    word = command.arguments.image
    if word is not None and word.value:
        return image.parse(word.value).name.rpartition("/")[2] or word.value
    return word.span.text.strip("\"'") if word is not None else "container"
