"""A loaded project: the one value that rules, hovers, `explain` and fixes ask."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

    from tightship.findings import Gap
    from tightship.frontends.compose.inline_dockerfile import InlineDockerfile
    from tightship.frontends.dockerfile.build import Build
    from tightship.isolation.container import Container
    from tightship.isolation.image import BuiltImage, UnknownTarget
    from tightship.model.project import Project
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.text import Source


class BuiltImages:
    """The Dockerfiles of a project, and the images that are built from them.

    ``files`` are the Dockerfiles by name, ``inlines`` those that are written in a
    Compose file. There is one of ``builds`` for each way in which a file is built.
    ``builders`` names the services that build each file. ``gaps`` are the parts that
    could not be read.
    """

    __slots__ = ("builders", "builds", "files", "gaps", "images", "inlines", "unknown_targets")

    def __init__(
        self,
        *,
        files: Mapping[str, Dockerfile],
        inlines: Sequence[InlineDockerfile] = (),
        builds: Sequence[Build] = (),
        images: Sequence[BuiltImage] = (),
        builders: Mapping[str, Sequence[str]],
        unknown_targets: Sequence[UnknownTarget] = (),
        gaps: Sequence[Gap] = (),
    ) -> None:
        self.files: Final = files
        self.inlines: Final = inlines
        self.builds: Final = builds
        self.images: Final = images
        self.builders: Final = builders
        self.unknown_targets: Final = unknown_targets
        self.gaps: Final = gaps

    @property
    def sources(self) -> Iterable[Source]:
        """Return the Dockerfiles that are files of their own."""
        inlines = {id(inline.source) for inline in self.inlines}
        sources = (file.source for file in self.files.values())
        return (source for source in sources if id(source) not in inlines)


class LoadedProject:
    """A project, loaded once.

    ``compose`` is the model of its Compose files: None for a Dockerfile that no
    service builds. ``containers`` are those of its services, and ``built`` is what
    its services build: None, where none builds anything.
    """

    __slots__ = ("built", "compose", "containers")

    def __init__(
        self, compose: Project | None, containers: tuple[Container, ...], built: BuiltImages | None
    ) -> None:
        self.compose: Final = compose
        self.containers: Final = containers
        self.built: Final = built

    @property
    def service_keys(self) -> set[str]:
        """Return the keys of all services."""
        return set() if self.compose is None else self.compose.service_keys

    @property
    def members(self) -> Iterable[Source]:
        """Return the files that are judged with it, and not by themselves."""
        built = self.built.sources if self.built else ()
        return (*(self.compose.members if self.compose else ()), *built)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the files that were read: Compose files, then Dockerfiles."""
        built = self.built.sources if self.built else ()
        return (*(self.compose.sources if self.compose else ()), *built)
