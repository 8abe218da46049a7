"""A project of the containers that one file declares, however it declares them."""

from __future__ import annotations

from tightship.model.project import Project
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping as Table
    from typing import TypeVar

    from tightship.model.container_settings import ContainerSettings
    from tightship.model.project import Disk
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

    Settings = TypeVar("Settings", bound=ContainerSettings)


class FileProject(Project):
    """The containers of one file; the networks that they name are those of the engine.

    Front ends add what they find in the file, each container with a name of its own.
    """

    def __init__(self, source: Source, disk: Disk) -> None:
        self.source = source
        self._made: dict[str, ContainerSettings] = {}
        self._networks: list[tuple[Node, Node]] = []
        start = Span(source, 0, 0)
        networks = Mapping(start, self._networks, flow=True)
        root = Mapping(start, [(Scalar(start, "networks"), networks)], flow=True)
        table = MappingValue(root, (), Reading(NONE))
        super().__init__(table, self._made, disk, names=(source.name,))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the file."""
        return (self.source,)

    def add(
        self, name: str, make: Callable[[str], Settings], networks: Iterable[str] = ()
    ) -> Settings:
        """Add a container by a name that may be taken, and return its settings.

        Args:
            name: its name, or that of its image.
            make: makes the settings, by the name that is free.
            networks: the networks that it names.

        """
        free = _free(name, self._made)
        made = self._made[free] = make(free)
        start = Span(self.source, 0, 0)
        known = {key.value for key, _ in self._networks if isinstance(key, Scalar)}
        for one in dict.fromkeys(networks):
            if one not in known:
                external = Scalar(start, "external"), Scalar(start, "true")
                self._networks.append((Scalar(start, one), Mapping(start, [external], flow=True)))
        return made


def _free(name: str, taken: Table[str, object]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free
