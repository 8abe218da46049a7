"""A project: the containers and images that files declare together, and what these share."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.reading import NONE, resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.text import Source
from tightship.values import image

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Literal, Protocol, Self, TypeVar

    from tightship.findings import Gap
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.reading import Variables
    from tightship.model.refusal import Refusal
    from tightship.model.value import Value
    from tightship.syntax.yaml.nodes import Stream
    from tightship.text import Span

    Other = TypeVar("Other")
    Reason = Literal[
        "missing",
        "not-readable",
        "outside-root",
        "not-regular",
        "directory",
        "too-large",
        "not-text",
    ]

    class Refused(Protocol):
        """A file that cannot be read, and why."""

        @property
        def reason(self) -> Reason:
            """Return the reason as a keyword."""
            ...

        @property
        def message(self) -> str:
            """Return the reason as a sentence."""
            ...

    class Disk(Protocol):
        """Files by path, relative to the project root."""

        def read(self, path: str) -> Source | Refused:
            """Return the text of a file, or why it cannot be read."""
            ...


# The most services that may write to a volume of another one.
_MOST = 100


def _nowhere(_path: str) -> None:
    """Return None: a project without a disk has no links, and no repository."""


def _never(_path: str) -> bool:
    """Return False: a project without a disk is in no repository."""
    return False


class Removal(Record):
    """A value that a file removes from the files below it.

    ``path`` leads to the value, ``tag`` is ``reset`` or ``override``, ``span`` is the
    place of the tag and ``key`` that of the key which has it.
    """

    path: tuple[str, ...]
    value: Value
    tag: str
    span: Span
    key: Span


class ProvidedUse(Record):
    """What a project lacks and something else has: a platform, or as a table of settings says.

    ``evidence`` shows that the files are for the platform. ``names`` are those of the
    parts, and ``keys`` those that Compose does not know.
    """

    provider: str
    evidence: str
    names: tuple[str, ...]
    keys: tuple[str, ...] = ()


class Project:
    """The settings of containers, and the networks, volumes, configs and secrets they share.

    ``root`` holds the top-level sections by the names of the Compose Specification, with
    the containers below ``services``. It is loaded from the files ``paths``, with
    ``variables``; ``disk`` reads the files that settings name, and ``gaps`` are the parts
    that could not be read. ``complete`` tells that no other file can add to it, and
    ``is_layered`` that a value may have replaced another one. ``is_overlay`` is for files
    that are merged over unknown ones: the first of those decides where relative paths start.
    ``leads_out`` returns the path that links of the repository lead to, if they leave it.
    ``tracks`` returns whether Git tracks a path, or one below it; None without a repository.
    ``left_out`` and ``for_commit`` return whether a path is kept out of the repository, and
    whether it is in one that takes it.
    """

    def __init__(
        self,
        root: MappingValue | None,
        services: Mapping[str, ContainerSettings],
        disk: Disk,
        *,
        names: Sequence[str] = (),
        variables: Variables = NONE,
        is_layered: bool = False,
    ) -> None:
        self.root = root
        self.disk = disk
        self.paths = tuple(names)
        self.variables = variables
        self.is_layered = is_layered
        self.complete, self.is_overlay = True, False
        self.leads_out: Callable[[str], str | None] = _nowhere
        self.tracks: Callable[[str], bool | None] = _nowhere
        self.left_out: Callable[[str], bool] = _never
        self.for_commit: Callable[[str], bool] = _never
        self.gaps: list[Gap] = []
        self._services = services

    @property
    def services(self) -> Mapping[str, ContainerSettings]:
        """Return the settings of each container, by its name."""
        return self._services

    @property
    def images(self) -> Mapping[str, ContainerSettings]:
        """Return the settings of each image that is built and starts no container, by its name."""
        return {}

    @lazy_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return the parts that Compose rejects, or that cannot be read."""
        return ()

    def with_unknown(self, names: Collection[str]) -> Self:
        """Return the project with unknown values for all that some services lack."""
        from copy import copy  # few projects have such a service

        made = copy(self)
        made._services = {
            name: one.of(made, complete=one.complete and name not in names)
            for name, one in self.services.items()
        }
        return made

    @property
    def streams(self) -> Mapping[str, Stream]:
        """Return the files of YAML that were read, by name."""
        return {}

    @property
    def sources(self) -> Iterable[Source]:
        """Return the files that were read."""
        return (stream.source for stream in self.streams.values())

    @property
    def members(self) -> Iterable[Source]:
        """Return those of the files that are judged with it, and not by themselves."""
        return self.sources

    @property
    def has_folder(self) -> bool:
        """Return whether it is known where relative paths start."""
        return self.root is not None

    def title_of(self, name: str) -> str:
        """Return what a container of the project is, with its name, for messages."""
        return f"container `{name}`"

    def provides(self, kind: str, name: str) -> bool:
        """Return whether something else than the files has a part, of unknown content.

        ``kind`` is the name of a section, ``variables`` or ``files``.
        """
        return False

    @property
    def provided_uses(self) -> Sequence[ProvidedUse]:
        """Return the parts that :meth:`provides` was asked for and something else has."""
        return ()

    def removed_from(self, name: str) -> Iterable[Removal]:
        """Return what files remove from the settings of a container."""
        return ()

    def read(self, path: str) -> Source | Refused:
        """Return a file by its path, which starts in the folder of the project."""
        directory = self.root.reading.directory if self.root is not None else ""
        return self.disk.read(resolve(directory, path))

    def lacks(self, leaf: ScalarValue) -> bool:
        """Return whether a path names a file of the project that is surely missing.

        One out of the project, or kept out of its repository, may be on the host.
        """
        path = resolve(leaf.reading.directory, leaf.text)
        if self.is_overlay or not leaf.decided or path.startswith(("/", "../")):
            return False
        found = self.disk.read(path)
        if isinstance(found, Source) or found.reason != "missing":
            return False
        return not self.left_out(path) and not self.provides("files", leaf.text)

    def table(self, section: str, name: str) -> MappingValue | None:
        """Return the body of a top-level network, volume, config or secret."""
        found = self.root.get(section, name) if self.root else None
        return found if isinstance(found, MappingValue) else None

    def text(self, section: str, name: str, *path: str) -> ScalarValue | None:
        """Return a text from a top-level network, volume, config or secret."""
        table = self.table(section, name)
        found = table.get(*path) if table else None
        if not isinstance(found, ScalarValue) or found.is_null:
            return None
        return found.standing(path[-1])

    def names(self, section: str) -> Iterator[str]:
        """Yield the names that a top-level section defines."""
        found = self.section(section)
        if isinstance(found, MappingValue):
            yield from found.entries

    def noting(self, others: Mapping[str, Other]) -> Mapping[str, Other]:
        """Return other services, or their containers, as a part of this project asks for them."""
        return others

    @property
    def service_keys(self) -> set[str]:
        """Return the keys of all services."""
        return {key for service in self.services.values() for key in service.service_keys}

    @lazy_property
    def built(self) -> frozenset[str]:
        """Return the images that are built here, each as ``name:tag``."""
        every = (*self.services.values(), *self.images.values())
        return frozenset(name for one in every for name in names_built(one))

    @lazy_property
    def mounting(self) -> dict[str, tuple[str, ...]]:
        """Return the services that mount each volume, by its name; of many, the first ones."""
        found: dict[str, dict[str, None]] = {}
        for service in [*self.services.values()][:_MOST]:
            for volume in service.volumes:
                if volume.source:
                    found.setdefault(volume.source, {})[service.name] = None
        return {source: tuple(names) for source, names in found.items()}

    @lazy_property
    def new_configs(self) -> dict[str, list[str]]:
        """Return the configs that a service is the first one to get, by its name.

        So each is checked once, however many services share it.
        """
        given: set[str] = set()
        found: dict[str, list[str]] = {}
        for name, service in self.services.items():
            for grant in service.items("configs"):
                source = grant.get("source") if isinstance(grant, MappingValue) else grant
                if isinstance(source, ScalarValue) and source.text not in given:
                    given.add(source.text)
                    found.setdefault(name, []).append(source.text)
        return found

    def section(self, name: str) -> Value | None:
        """Return a top-level section, unless it is null."""
        found = self.root.get(name) if self.root else None
        return None if isinstance(found, ScalarValue) and found.is_null else found


def names_built(settings: ContainerSettings) -> Iterator[str]:
    """Yield the names that a build gives its image, each as ``name:tag``."""
    written = settings.value("build")
    if written is None:
        return
    names = [settings.text("image")]
    if isinstance(written, MappingValue) and "tags" in written.entries:
        names += settings.texts("build", "tags").items
    for one in names:
        if one.value:
            yield image.tagged(image.parse(one.value))
