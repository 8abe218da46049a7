"""A loaded project, the one value that rules, hovers, `explain` and fixes ask; its images."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from typing import Protocol

    from tightship.findings import Gap
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.buildable import Buildable
    from tightship.isolation.container import Container
    from tightship.isolation.profile import Profile
    from tightship.model.build import InlineDockerfile
    from tightship.model.project import Project
    from tightship.model.refusal import Refusal
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.text import Source, Span

    class Surroundings(Protocol):
        """What the repository and a change say of files and services, beyond what is in them.

        Files have the names that findings show. An answer is none where it is not known.
        """

        @property
        def unsettled(self) -> Surroundings:
            """Return those that say no more than the name of a file and a change do."""
            ...

        def purpose(self, name: str) -> tuple[str | None, Span | None]:
            """Return the purpose of a file, and the place that tells it, if it is another one."""
            ...

        def loading(self, name: str) -> tuple[str | None, Span | None]:
            """Return how a file loads, and the place that tells it, if it is another one."""
            ...

        def change(self, name: str) -> str | None:
            """Return whether a change adds, changes or removes a file, or leaves it."""
            ...

        def change_of_project(self, project: Project) -> str | None:
            """Return whether a change adds or changes a project, or leaves it."""
            ...

        def change_of_service(self, container: Container) -> str | None:
            """Return whether a change adds, edits or affects a service, or leaves it."""
            ...

        def changed_files(self) -> Iterable[str] | None:
            """Return the files that a change adds, changes or removes."""
            ...


class BuiltImages(Record):
    """The Dockerfiles of a project, and the images that are built from them.

    ``files`` are the Dockerfiles by name, ``inlines`` those that are written in a
    Compose file. There is one of ``builds`` for each way in which a file is built.
    ``builders`` names the services that build each file. ``gaps`` are the parts that
    could not be read, and ``refusals`` name the services whose Dockerfile that is. If
    ``is_partial``, others may build the files, too.
    """

    files: Mapping[str, Dockerfile]
    builders: Mapping[str, Sequence[str]]
    inlines: Sequence[InlineDockerfile] = ()
    builds: Sequence[Build] = ()
    images: Sequence[BuiltImage] = ()
    unknown_targets: Sequence[UnknownTarget] = ()
    gaps: Sequence[Gap] = ()
    refusals: Sequence[Refusal] = ()
    is_partial: bool = False

    @property
    def members(self) -> Iterable[Source]:
        """Return the Dockerfiles that are not judged by themselves.

        Commands may build only a part of one. Its default image is judged somewhere, too.
        """
        if not self.is_partial:
            return self.sources
        stages = (one.stage for one in self.images)
        whole = {id(one.build.source) for one in stages if one is one.build.target()}
        return (source for source in self.sources if id(source) in whole)

    @property
    def sources(self) -> Iterable[Source]:
        """Return the Dockerfiles that are files of their own."""
        inlines = {id(inline.source) for inline in self.inlines}
        sources = (file.source for file in self.files.values())
        return (source for source in sources if id(source) not in inlines)


class LoadedProject(Record, frozen=False):
    """A project, loaded once.

    ``compose`` is the model of its Compose files: None for a Dockerfile that no
    service builds. ``containers`` are those of its services, ``images`` what is built and
    starts none, and ``built`` is what both build: None, where none builds anything. ``load_unsettled`` loads it
    where no variable has a value, and no default decides; ``settled`` is then the project
    that asked for it. ``around`` is what is known beyond its files.
    """

    compose: Project | None
    containers: tuple[Container, ...]
    built: BuiltImages | None
    load_unsettled: Callable[[], LoadedProject] | None = None
    settled: LoadedProject | None = None
    around: Surroundings | None = None
    images: tuple[Buildable, ...] = ()

    @lazy_property
    def unsettled(self) -> LoadedProject:
        """Return the project as far as no variable decides, not even one with a default."""
        if self.load_unsettled is None:
            return self
        env_files = (file for one in self.containers for file in one.env_files)
        sources = (*self.sources, *(file.source for file in env_files if file.source))
        if not any("$" in one.text for one in sources):
            return self
        made = self.load_unsettled()
        made.settled = self
        return made

    @lazy_property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return what Compose rejects in the project, and what of it cannot be read."""
        built = self.built.refusals if self.built is not None else ()
        return (*(self.compose.refusals if self.compose is not None else ()), *built)

    @lazy_property
    def unchecked(self) -> Mapping[str, Gap]:
        """Return, for each service that could not be checked, why, by its name."""
        found: dict[str, Gap] = {}
        for refusal in self.refusals:
            names = refusal.services
            if names is None:
                names = tuple(one.name for one in self.containers)
            for name in names:
                found.setdefault(name, refusal.gap)
        return found

    @lazy_property
    def hidden(self) -> frozenset[str]:
        """Return the names of the services that may have settings that are not known."""
        every = (one.services or () for one in self.refusals if one.hides_settings)
        return frozenset(name for names in every for name in names)

    def profiles(self, hidden: Collection[str] | None = None) -> tuple[Profile, ...]:
        """Return the isolation of each container.

        What a service that Compose rejects lacks is unknown, for the services that share
        something with it, too. ``hidden`` replaces the names of these services.
        """
        from tightship.isolation.profile import Profile

        hidden = self.hidden if hidden is None else hidden
        made = self.containers
        if self.compose is not None and hidden:
            from tightship.isolation.containers import containers

            stages = {one.name: one.stage for one in made if one.stage is not None}
            made = containers(self.compose.with_unknown(hidden), stages)
        return tuple(Profile(one, self.unchecked.get(one.name)) for one in made)

    @property
    def service_keys(self) -> set[str]:
        """Return the keys of all services."""
        return set() if self.compose is None else self.compose.service_keys

    @property
    def members(self) -> Iterable[Source]:
        """Return the files that are judged with it, and not by themselves."""
        built = self.built.members if self.built else ()
        return (*(self.compose.members if self.compose else ()), *built)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the files that were read: Compose files, then Dockerfiles."""
        built = self.built.sources if self.built else ()
        return (*(self.compose.sources if self.compose else ()), *built)


class BuiltImage(Record):
    """The image of a build: the subject of rules about images.

    ``stage`` is the target: that of a service, or the default where no service builds
    the file. ``containers`` are those that run the image.
    """

    stage: Stage
    containers: tuple[Container, ...] = ()

    @property
    def span(self) -> Span:
        """Return the place of the stage's name, where absences are reported."""
        return self.stage.span


class UnknownTarget(Record):
    """The ``target`` of a service that its Dockerfile has no stage for."""

    span: Span
    name: str
    build: Build
