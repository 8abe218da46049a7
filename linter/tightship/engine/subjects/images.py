"""The Dockerfiles that are judged, and the services that build them."""

from __future__ import annotations

import posixpath

from tightship.dockerfile.build import MOST_TRIGGERED, Build
from tightship.dockerfile.build_context import BuildContext
from tightship.dockerfile.variable import Variable
from tightship.engine.acceptance.suppression import of_dockerfile
from tightship.engine.subjects.places import DockerfilePlaces
from tightship.engine.subjects.text_fragments import text_fragment
from tightship.findings import Gap
from tightship.isolation.image import BuiltImage, UnknownTarget
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.compose.build import BuildSection
    from tightship.engine.disk.files import Files
    from tightship.engine.subjects.inline import Inline
    from tightship.engine.subjects.places import Places
    from tightship.findings.suppression import Suppression
    from tightship.isolation.container import Container
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.values.dockerignore import Dockerignore

    Key = tuple[str, str, tuple[tuple[str, str | None], ...], tuple[str, ...]]

_BUDGET = 200_000


class Images:
    """Reads Dockerfiles, each once, and makes a build of each way to build it.

    ``files`` are the Dockerfiles by name, ``gaps`` what could not be read, and
    ``builders`` the names of the services that build a file, by its name.
    """

    __slots__ = (
        "_budget",
        "_builds",
        "_disk",
        "_images",
        "_ways",
        "builders",
        "files",
        "gaps",
        "inlines",
        "unknown_targets",
    )

    def __init__(self, disk: Files) -> None:
        self._disk = disk
        self._builds: dict[Key, Build] = {}
        self._images: dict[tuple[int, int], BuiltImage] = {}
        self._ways: dict[str, list[Build]] = {}
        self._budget = _BUDGET
        self.files: dict[str, Dockerfile] = {}
        self.gaps: list[Gap] = []
        self.builders: dict[str, list[str]] = {}
        self.inlines: list[Inline] = []
        self.unknown_targets: list[UnknownTarget] = []

    @property
    def builds(self) -> Iterable[Build]:
        """Return the Dockerfiles in each way that they are built."""
        return self._builds.values()

    @property
    def images(self) -> Iterable[BuiltImage]:
        """Return the images that come of the builds."""
        return self._images.values()

    @property
    def sources(self) -> list[Source]:
        """Return the Dockerfiles that were read, apart from those in Compose files."""
        inlines = {id(inline.source) for inline in self.inlines}
        files = (file.source for file in self.files.values())
        return [source for source in files if id(source) not in inlines]

    def places(self) -> dict[str, Places]:
        """Return what the Dockerfiles are made of, by name."""
        found: dict[str, Places] = {
            name: DockerfilePlaces(file) for name, file in self.files.items()
        }
        for inline in self.inlines:
            from tightship.engine.subjects.inline import InlinePlaces

            name = inline.source.name
            found[name] = InlinePlaces(self.files[name], inline.service)
        return found

    def suppressions(self) -> list[Suppression]:
        """Return the comments in the Dockerfiles that accept findings."""
        return [one for file in self.files.values() for one in of_dockerfile(file)]

    def subjects(self) -> Iterator[object]:
        """Yield everything about the Dockerfiles that a rule may be about."""
        for build in self.builds:
            yield from walk_build(build)
        for source in self.sources:  # an inline one is part of a Compose file
            yield text_fragment(source)
        yield from self.images
        yield from self.unknown_targets
        yield from self.gaps

    def join(self, containers: Iterable[Container]) -> None:
        """Give each container the stage that its service builds, where it is known."""
        from tightship.compose.build import BuildSection

        for container in containers:
            section = BuildSection.of(container.service)
            if section is not None:
                self._join(container, section)

    def alone(self, source: Source) -> None:
        """Take a Dockerfile that no service builds."""
        file = self._file(source)
        folder = posixpath.dirname(source.name)
        ignored = self._ignore_file(source.name, folder)
        context = self._context(folder, ignored, is_certain=ignored is not None)
        build = Build(file, context=context)
        self._keep((source.name, folder, (), ()), build)
        stage = build.target()
        if stage is not None:
            self._images[0, stage.index] = BuiltImage(stage)

    def _join(self, container: Container, section: BuildSection) -> None:
        if not section.is_decided:
            return
        remote = section.remote
        if remote is not None and section.inline is None:
            message = (
                "the image is built from elsewhere: what is in it cannot be judged here"
            )
            self.gaps.append(Gap(remote.span, message))
            return
        build = self._build(container, section)
        if build is None:
            return
        build.builders[container.name] = container.span
        wanted = section.target
        stage = build.target(wanted.value)
        if stage is not None or not build.stages:
            builders = self.builders.get(build.source.name)
            if builders is not None:
                builders.append(container.name)
        if stage is None:
            if build.stages:
                unknown = UnknownTarget(wanted.span, wanted.value or "", build)
                self.unknown_targets.append(unknown)
            return
        container.join(stage)
        key = (id(build), stage.index)
        image = self._images.setdefault(key, BuiltImage(stage))
        image.containers += (container,)

    def _build(self, container: Container, section: BuildSection) -> Build | None:
        inline = section.inline
        given = {
            pair.name: Variable(pair.name, pair.value.value, "given", pair.span)
            for pair in section.arguments
        }
        passed = tuple(sorted((name, one.text) for name, one in given.items()))
        if inline is not None:
            from tightship.engine.subjects.inline import (
                Inline,  # a rare way to write one
            )

            made = Inline(inline, container.name)
            self.inlines.append(made)
            source = made.source
        else:
            found = self._source(section)
            if found is None:
                return None
            source = found
            self.builders.setdefault(source.name, [])
        key = (source.name, section.context, passed, section.contexts)
        if key not in self._builds:
            file = self._file(source)
            if not self._spend(len(file.instructions), section):
                return None
            ignored = self._ignore_file(source.name, section.context)
            context = (
                None
                if section.remote
                else self._context(section.context, ignored, is_certain=True)
            )
            self._keep(key, Build(file, given, context, section.contexts))
        return self._builds[key]

    def _keep(self, key: Key, build: Build) -> None:
        self._builds[key] = build
        build.variants = self._ways.setdefault(build.source.name, [])
        build.variants.append(build)
        if build.cut is not None:
            message = (
                f"ONBUILD holds back more than {MOST_TRIGGERED:,} instructions for the"
                " stages; from here on, stages are judged without them"
            )
            self.gaps.append(Gap(build.cut.span, message))

    def _source(self, section: BuildSection) -> Source | None:
        """Return the Dockerfile; BuildKit tries `dockerfile` for the default name."""
        path = section.dockerfile
        source = self._disk.read_dockerfile(path)
        if not isinstance(source, Source) and source.reason == "missing":
            folder, name = posixpath.split(path)
            if name == "Dockerfile":
                other = self._disk.read_dockerfile(posixpath.join(folder, "dockerfile"))
                source = other if isinstance(other, Source) else source
        if isinstance(source, Source):
            return source
        self.gaps.append(Gap(section.span, source.message))
        return None

    def _file(self, source: Source) -> Dockerfile:
        if source.name not in self.files:
            file = self.files[source.name] = read(source)
            if file.template is not None:
                message = (
                    "this is a template: it becomes a Dockerfile once it is filled in,"
                    " so not all of it can be judged"
                )
                self.gaps.append(Gap(file.template, message))
        return self.files[source.name]

    def _spend(self, instructions: int, section: BuildSection) -> bool:
        """Count instructions, for many services may build one large file."""
        if instructions > self._budget >= 0:
            message = (
                f"the services build more than {_BUDGET:,} instructions; the"
                " Dockerfiles from here on are not judged"
            )
            self.gaps.append(Gap(section.span, message))
            self._budget = -1
        self._budget -= instructions if self._budget >= 0 else 0
        return self._budget >= 0

    def _context(
        self, folder: str, ignored: Dockerignore | None, *, is_certain: bool
    ) -> BuildContext:
        def holds(path: str) -> bool:
            return self._disk.exists(posixpath.join(folder, path))

        return BuildContext(folder, ignored, holds, is_certain=is_certain)

    def _ignore_file(self, dockerfile: str, context: str) -> Dockerignore | None:
        """Return the patterns of a build: those beside its Dockerfile come first.

        Fact from BuildKit, frontend/dockerui: ``Dockerfile.dockerignore`` is taken in
        place of the context's ``.dockerignore``.
        """
        for path in (
            f"{dockerfile}.dockerignore",
            posixpath.join(context, ".dockerignore"),
        ):
            if self._disk.name(path) is None:
                continue
            source = self._disk.read(path)
            if isinstance(source, Source):
                from tightship.values.dockerignore import Dockerignore  # few have one

                return Dockerignore(source)
        return None


def walk_build(build: Build) -> Iterator[object]:
    """Yield a Dockerfile as it is built, and all of it that a rule may be about.

    Steps come before what looks around among them.
    """
    for stage in build.stages:
        yield from stage.steps
    for stage in build.stages:
        yield stage
        yield from stage.references
    yield build
