"""A project of the containers and images that one file declares, however it declares them."""

from __future__ import annotations

from tightship.model.project import Project
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping as Table, Sequence
    from typing import TypeVar

    from tightship.model.container_settings import ContainerSettings
    from tightship.model.project import Disk
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source

    Settings = TypeVar("Settings", bound=ContainerSettings)


class FileProject(Project):
    """The containers and images of one file; the networks that it names are the engine's.

    Front ends add what they find in the file, each with a name that no other one has.
    ``names_in`` returns the names in a folder below the root.
    """

    def __init__(self, source: Source, disk: Disk) -> None:
        self.source = source
        self.also: list[Source] = []
        self.names_in: Callable[[str], Sequence[str]] = lambda _: ()
        self._made: dict[str, ContainerSettings] = {}
        self._images: dict[str, ContainerSettings] = {}
        self._numbers: dict[tuple[str, bool], int] = {}
        start = Span(source, 0, 0)
        self._sections = {one: Mapping(start, [], flow=True) for one in ("networks", "volumes")}
        root = Mapping(start, [(Scalar(start, k), v) for k, v in self._sections.items()], flow=True)
        table = MappingValue(root, (), Reading(NONE))
        super().__init__(table, self._made, disk, names=(source.name,))
        self.is_overlay = True  # a command may run in another folder than that of the file

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the file, and those that are merged with it."""
        return (self.source, *self.also)

    def add(
        self,
        name: str,
        make: Callable[[str], Settings],
        networks: Iterable[str] = (),
        created: Iterable[str] = (),
    ) -> Settings:
        """Add a container by a name that may be taken, and return its settings.

        Args:
            name: its name, or that of its image.
            make: makes the settings, by the name that is free.
            networks: the networks that it names.
            created: those that exist for it and its likes alone.

        """
        free = self._free(name, self._made)
        made = self._made[free] = make(free)
        start = Span(self.source, 0, 0)
        external = Scalar(start, "external"), Scalar(start, "true")
        found = {**dict.fromkeys(created, ()), **dict.fromkeys(networks, (external,))}
        for one, entries in found.items():
            self.define("networks", one, entries)
        return made

    def define(self, section: str, name: str, entries: Iterable[tuple[Node, Node]]) -> None:
        """Add a network or a volume, unless there is one of its name."""
        start, known = Span(self.source, 0, 0), self._sections[section]
        if known.get(name) is None:
            known.entries.append((Scalar(start, name), Mapping(start, [*entries], flow=True)))

    @property
    def images(self) -> Table[str, ContainerSettings]:
        """Return the settings of each image that the file builds, by its name."""
        return self._images

    def add_image(self, name: str, make: Callable[[str], Settings]) -> Settings:
        """Add an image that is built, by a name that may be taken, and return its settings."""
        free = self._free(name, self._images)
        made = self._images[free] = make(free)
        return made

    def _free(self, name: str, taken: Table[str, ContainerSettings]) -> str:
        free, key = name, (name, taken is self._images)
        while free in taken:
            self._numbers[key] = self._numbers.get(key, 1) + 1
            free = f"{name}-{self._numbers[key]}"
        return free
