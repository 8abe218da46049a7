"""Reads the Dockerfiles of a project, and connects them with the services."""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.frontends.dockerfile.build import MOST_TRIGGERED, Build, BuildContext
from tightship.frontends.dockerfile.variable import Variable
from tightship.isolation.loaded_project import BuiltImage, BuiltImages, LoadedProject, UnknownTarget
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.files import Files
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.model.build import BuildSection, InlineDockerfile
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.refusal import Refusal
    from tightship.model.setting import Pair
    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.values.dockerignore import Dockerignore

    Key = tuple[str, str, tuple[tuple[str, str | None], ...], tuple[str, ...]]

_BUDGET = 60_000

_WORD = regex("[A-Za-z0-9_]+")
_CONTINUED = regex(r"[\\`][ \t]*\r?\n")
_SYNTAX = "BUILDKIT_SYNTAX"  # the argument that counts for every Dockerfile


def _unset(pair: Pair) -> str | None:
    """Return what Compose passes as long as a variable has no value; a name alone passes nothing."""
    from tightship.model.value import ScalarValue  # a Dockerfile alone has none

    leaf = pair.value.source
    if pair.value.decided or not isinstance(leaf, ScalarValue):
        return None
    if not leaf.reading.variables.are_settled:
        return f"${{{pair.name}}}"
    listed = leaf if leaf.text.partition("=")[0] == pair.name else leaf.named(pair.name)
    _, equals, text = listed.as_it_stands.text.partition("=")
    return text if equals else None


class DockerfileReader:
    """Reads Dockerfiles, each once, and makes a build for each way to build one."""

    def __init__(self, disk: Files) -> None:
        self._disk = disk
        self._budget = _BUDGET
        self._builds: dict[Key, Build] = {}
        self._ways: dict[str, list[Build]] = {}
        self._files: dict[str, Dockerfile] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._inlines: list[InlineDockerfile] = []
        self._gaps: list[Gap] = []
        self._refusals: list[Refusal] = []
        self._builders: dict[str, list[str]] = {}
        self._unknown_targets: list[UnknownTarget] = []
        # The stages that are built, and the services that run them.
        self._stages: dict[tuple[int, int], Stage] = {}
        self._services: dict[tuple[int, int], list[str]] = {}

    def stages_of(
        self, services: Iterable[ContainerSettings], *, are_run: bool = True
    ) -> dict[str, Stage]:
        """Return the stages that services build, by the name of the service.

        Images that no container here runs have builds as services do.
        """
        from tightship.model.build import BuildSection

        stages: dict[str, Stage] = {}
        for service in services:
            section = BuildSection.of(service)
            if section is None or service.value("provider") is not None:
                continue
            stage = self._stage(service, section)
            if stage is not None:
                stages[service.name] = stage
                if are_run:
                    self.run(service.name, stage)
                elif _is_product(service, stage):
                    self._stages.setdefault((id(stage.build), stage.index), stage)
        return stages

    def run(self, name: str, stage: Stage) -> None:
        """Note that a container runs the image of a stage."""
        self._stages.setdefault((id(stage.build), stage.index), stage)
        self._services.setdefault((id(stage.build), stage.index), []).append(name)

    @property
    def builds(self) -> Iterable[Build]:
        """Return the builds so far."""
        return self._builds.values()

    def read_alone(self, source: Source, *, settled: bool = True) -> None:
        """Read a Dockerfile that no service builds; ``settled`` defaults of ARG decide."""
        file = self._file(source)
        folder = posixpath.dirname(source.name)
        ignored = self._ignore_file(source.name, folder)
        is_certain = ignored is not None
        is_bare = not is_certain and self._is_bare(folder)
        context = self._context(folder, ignored, is_certain=is_certain, is_bare=is_bare)
        build = Build(file, context=context)
        if not settled:
            names = build.argument_names
            given = {one: Variable(one, None, "given", None, f"${{{one}}}") for one in names}
            build = Build(file, given, context)
        self._keep((source.name, folder, (), ()), build)
        stage = build.target()
        if stage is not None:
            self._stages[id(build), stage.index] = stage

    def built(
        self,
        containers: Iterable[Container] = (),
        builders: Mapping[str, Sequence[str]] | None = None,
    ) -> BuiltImages:
        """Return the builds and images, with the containers that run them."""
        by_name = {container.name: container for container in containers}
        others = [other for ways in self._ways.values() for other in _share_out(ways)]
        return BuiltImages(
            files=self._files,
            inlines=self._inlines,
            builds=[*self._builds.values(), *others],
            images=[
                BuiltImage(stage, tuple(by_name[name] for name in self._services.get(key, ())))
                for key, stage in self._stages.items()
            ],
            builders=self._builders if builders is None else builders,
            unknown_targets=self._unknown_targets,
            gaps=self._gaps,
            refusals=self._refusals,
        )

    def _stage(self, service: ContainerSettings, section: BuildSection) -> Stage | None:
        """Return the stage that a service builds, if it is known."""
        if not section.is_decided:
            return None
        if section.remote is not None and section.inline is None:
            return None  # as unknown as an image that is pulled
        build = self._build(service, section)
        if build is None:
            return None
        build.builders[service.name] = service
        target = section.target
        stage = build.target(target.value)
        if stage is not None or not build.stages:
            builders = self._builders.get(build.source.name)
            if builders is not None:
                builders.append(service.name)
        if stage is None:
            if build.stages:
                unknown = UnknownTarget(target.span, target.value or "", build)
                self._unknown_targets.append(unknown)
            return None
        build.targets[service.name] = stage
        return stage

    def _build(self, service: ContainerSettings, section: BuildSection) -> Build | None:
        source = self._source(service, section)
        if source is None:
            return None
        given = {
            pair.name: Variable(pair.name, pair.value.value, "given", pair.span, _unset(pair))
            for pair in section.arguments
            if self._mentions(source, pair.name)
        }
        passed = tuple(sorted((name, one.text) for name, one in given.items()))
        key = (source.name, section.context, passed, section.contexts)
        if key not in self._builds:
            file = self._file(source)
            if not self._spend(len(file.instructions), section):
                return None
            ignored = self._ignore_file(source.name, section.context)
            context = (
                None if section.remote else self._context(section.context, ignored, is_certain=True)
            )
            own = service.project.built
            self._keep(key, Build(file, given, context, section.contexts, own))
        return self._builds[key]

    def _keep(self, key: Key, build: Build) -> None:
        self._builds[key] = build
        build.variants = self._ways.setdefault(build.source.name, [])
        build.variants.append(build)
        if build.cut is not None:
            message = (
                f"ONBUILD has more than {MOST_TRIGGERED:,} instructions for the"
                " stages; later stages are checked without them"
            )
            self._gaps.append(Gap(build.cut.span, message))

    def _source(self, service: ContainerSettings, section: BuildSection) -> Source | None:
        """Return the Dockerfile; BuildKit tries `dockerfile` for the default name."""
        if section.inline is not None:
            from tightship.model.build import InlineDockerfile  # rare

            inline = InlineDockerfile(section.inline, service.name)
            self._inlines.append(inline)
            return inline.source
        path = section.dockerfile
        source = self._disk.read_dockerfile(path)
        if not isinstance(source, Source) and source.reason == "missing":
            folder, name = posixpath.split(path)
            if name == "Dockerfile":
                other = self._disk.read_dockerfile(posixpath.join(folder, "dockerfile"))
                source = other if isinstance(other, Source) else source
        if isinstance(source, Source):
            self._builders.setdefault(source.name, [])
            return source
        if service.project.is_overlay and source.reason == "missing":
            return None
        gap = Gap(section.span, source.message)
        self._gaps.append(gap)
        from tightship.model.refusal import Refusal  # rare

        told = gap.replaced(reason=f"service `{service.name}`: {gap.reason}")
        self._refusals.append(Refusal(told, (service.name,), hides_settings=False))
        return None

    def _file(self, source: Source) -> Dockerfile:
        if source.name not in self._files:
            file = self._files[source.name] = self._disk.parsed(source, read)
            if file.template is not None:
                message = "this is a template of a Dockerfile, so not all of it can be checked"
                self._gaps.append(Gap(file.template, message))
        return self._files[source.name]

    def _mentions(self, source: Source, name: str) -> bool:
        """Return whether a Dockerfile may contain the name of an argument.

        One that it does not contain changes nothing, so that services which differ in
        it build alike.
        """
        if name == _SYNTAX:
            return True
        words = self._words.get(source.name)
        if words is None:
            text = _CONTINUED.sub("", source.text)
            words = self._words[source.name] = frozenset(_WORD.findall(text))
        return words.issuperset(_WORD.findall(name))

    def _spend(self, instructions: int, section: BuildSection) -> bool:
        """Count instructions: many services may build one large file."""
        if instructions > self._budget >= 0:
            message = (
                f"the services build more than {_BUDGET:,} instructions; further"
                " Dockerfiles are not checked"
            )
            self._gaps.append(Gap(section.span, message))
            self._budget = -1
        self._budget -= instructions if self._budget >= 0 else 0
        return self._budget >= 0

    def _context(
        self, folder: str, ignored: Dockerignore | None, *, is_certain: bool, is_bare: bool = False
    ) -> BuildContext:
        def among(below: str, names: Sequence[str]) -> Iterator[str]:
            return self._disk.among(posixpath.join(folder, below).rstrip("/"), names)

        def content(path: str) -> Source | None:
            found = self._disk.read(posixpath.join(folder, path))
            return found if isinstance(found, Source) else None

        return BuildContext(folder, ignored, among, content, is_certain=is_certain, is_bare=is_bare)

    def _is_bare(self, folder: str) -> bool:
        """Return whether no folder that a build may start in has an ignore file."""
        while folder:
            folder = posixpath.dirname(folder)
            if self._disk.exists(posixpath.join(folder, ".dockerignore")):
                return False
        return True

    def _ignore_file(self, dockerfile: str, context: str) -> Dockerignore | None:
        """Return the ignore patterns of a build.

        Fact from BuildKit, frontend/dockerui: ``Dockerfile.dockerignore`` replaces the
        context's ``.dockerignore``.
        """
        for path in (f"{dockerfile}.dockerignore", posixpath.join(context, ".dockerignore")):
            if self._disk.name(path) is None:
                continue
            source = self._disk.read(path)
            if isinstance(source, Source):
                from tightship.values.dockerignore import Dockerignore  # few have one

                return Dockerignore(source)
        return None


def _is_product(settings: ContainerSettings, stage: Stage) -> bool:
    """Return whether an image that nothing here runs is one for users, as far as that shows.

    It is the default target, or has a name, and no other stage is made from it.
    """
    build = stage.build
    is_named = bool(settings.items("build", "tags"))
    return stage is build.target() or (is_named and stage.index not in build.used_stages)


def _share_out(ways: list[Build]) -> list[Build]:
    """Let each build of a file judge the stages that it makes.

    Return a build without arguments for the stages that no service builds, if these
    need one.
    """
    if not any(build.targets for build in ways):
        return []
    first = ways[0]
    made = [[stage for stage in build.stages if build.builders_of(stage.index)] for build in ways]
    known = {stage.index for stages in made for stage in stages}
    if len(known) == len(first.stages) == len(made[0]) and len(ways) == 1:
        return []
    for build, stages in zip(ways, made, strict=True):
        build.judged = stages
    if len(known) == len(first.stages):
        return []
    rest = next((build for build in ways if not build.build_args), None)
    others: list[Build] = []
    if rest is None:
        rest = Build(first.file, None, first.context, first.contexts, first.own_images)
        rest.variants, rest.judged = ways, []
        others.append(rest)
    left = [stage for stage in rest.stages if stage.index not in known]
    rest.judged = sorted([*rest.judged, *left], key=lambda stage: stage.index)
    return others


def load_dockerfile(disk: Files, source: Source, *, settled: bool = True) -> LoadedProject:
    """Load a Dockerfile that no service builds: its default target is built.

    Where the defaults of ARG are not ``settled``, any build may pass other values.
    """
    reader = DockerfileReader(disk)
    reader.read_alone(source, settled=settled)
    made = LoadedProject(None, (), reader.built(builders={source.name: ()}))
    if settled and any(build.argument_names for build in reader.builds):
        made.load_unsettled = lambda: load_dockerfile(disk, source, settled=False)
    return made
