"""A build of a Dockerfile, with its build arguments and its context."""

from __future__ import annotations

import posixpath
from functools import lru_cache

from tightship.frontends.dockerfile.argument import Argument
from tightship.frontends.dockerfile.stage import PLATFORM, Stage
from tightship.frontends.dockerfile.steps import Arg
from tightship.frontends.dockerfile.variable import Variable
from tightship.lazy import TYPE_CHECKING, Record, lazy_property, regex
from tightship.values.image import tagged

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from tightship.frontends.dockerfile.steps import Step
    from tightship.model.container_settings import ContainerSettings
    from tightship.syntax.dockerfile.nodes import Dockerfile, Instruction, Pair as Declaration, Word
    from tightship.text import Source
    from tightship.values.dockerignore import Dockerignore, Pattern
    from tightship.values.image import Image


_ROOM = 1 << 24
"""The most characters that the values of variables may add, in all uses together."""

MOST_TRIGGERED = 20_000
"""The most steps that ONBUILD triggers may add to the stages of a build."""

# Defaults of an ARG that no registry has: every build has to pass another image.
_PLACEHOLDER = regex(
    r"non[-_.]?exist(?:ing|ent)|place[-_.]?holder|(?:change|override|replace|set)[-_.]?me"
    r"|must[-_.](?:be[-_.])?(?:set|provided?|overrid(?:e|den)|passed)(?:[-_.].*)?"
    r"|not[-_.]?set|unset|undefined|to[-_.]be[-_.](?:set|defined|overridden|replaced)|todo|tbd"
)

MOST_BUILDERS = 20
"""The most services that a finding names as those that build a stage."""


class Build:
    """The stages of a Dockerfile, and the global arguments.

    ``build_args`` are the build arguments, by name. ``declared`` are the ARGs before
    the first FROM. ``context`` is the folder that files are copied from, if it is
    known. ``contexts`` are the names of the contexts that replace stages and images
    (``additional_contexts`` of Compose). ``own_images`` are the images that the project
    builds, each as ``name:tag``. ``variants`` are all builds of the same file,
    this one included, and ``builders`` the names of the services that build this one,
    with their settings; ``targets`` are the stages that they build, by these names.
    ``judged`` are the stages that are judged as this build makes them. ``cut`` is the first stage whose triggers are too many to run.
    """

    def __init__(
        self,
        file: Dockerfile,
        build_args: Mapping[str, Variable] | None = None,
        context: BuildContext | None = None,
        contexts: Iterable[str] = (),
        own_images: Container[str] = (),
    ) -> None:
        """Read the instructions; those that BuildKit rejects are left out."""
        self.file = file
        self.escape = file.escape
        self.variants: list[Build] = [self]
        self.builders: dict[str, ContainerSettings] = {}
        self.targets: dict[str, Stage] = {}
        self.judged: list[Stage] = []
        self.build_args: Mapping[str, Variable] = build_args or {}
        self.context = context
        self.contexts = frozenset(map(_familiar, contexts))
        self.own_images = own_images
        self.declared: list[Declaration] = []
        self.arguments_by_name: dict[str, Variable] = {}
        self.stages: list[Stage] = []
        self._names: dict[str, Stage] = {}
        self.cut: Stage | None = None
        self._room = _ROOM
        self._triggered = 0
        self._read()
        self.judged = self.stages

    @property
    def source(self) -> Source:
        """Return the text."""
        return self.file.source

    @property
    def stage_names(self) -> Iterable[str]:
        """Return the names of its stages, in lower case."""
        return self._names.keys()

    def _read(self) -> None:
        for instruction in self.file.instructions:
            self._take(instruction)

    def _take(self, instruction: Instruction) -> None:
        if instruction.name == "FROM":
            stage = Stage(self, instruction, len(self.stages))
            self.stages.append(stage)
            if stage.name:
                self._names[stage.name] = stage
        elif self.stages:
            self.stages[-1].add(instruction)
        elif instruction.name == "ARG":
            self.declared += instruction.pairs
            for pair in instruction.pairs:
                self._declare(pair)

    def _declare(self, pair: Declaration) -> None:
        name, text = pair.name.value, None
        passed = self.build_args.get(name)
        if pair.value is not None:
            text = Argument(pair.value, self.escape, self.global_variable).text
        elif passed is None and name in self.arguments_by_name:
            return  # It keeps its default.
        variable = Variable(name, text, "argument", pair.name.span)
        if passed is not None:
            variable = passed if text is None else passed.with_default(text)
        self.arguments_by_name[name] = variable

    @lazy_property
    def writes_files(self) -> bool:
        """Return whether a COPY or an ADD has the text of a file."""
        return any(one.heredocs and one.name != "RUN" for one in self.file.instructions)

    @lazy_property
    def argument_names(self) -> frozenset[str]:
        """Return the names that ARG declares, before the first FROM or in a stage."""
        names = {pair.name.value for pair in self.declared}
        for step in self.steps():
            if isinstance(step, Arg):
                names.update(pair.name.text for pair in step.pairs)
        return frozenset(names)

    def base(self, word: Word) -> Argument:
        """Return what FROM names; it is unknown if a default only stands for an image."""
        found = Argument(word, self.escape, self.global_variable)
        name = found.text.partition(":")[0]
        if not word.value.startswith("$") or self.named(name) is not None:
            return found
        if _PLACEHOLDER.fullmatch(name) is None:
            return found
        return Argument(word, self.escape, self._passed)

    def _passed(self, name: str) -> Variable | None:
        """Return a variable as FROM sees it, without the default of an ARG."""
        found = self.global_variable(name)
        is_default = found is not None and found.kind == "argument"
        return Variable(name, None, "unknown") if is_default else found

    def global_variable(self, name: str) -> Variable | None:
        """Return a variable as FROM sees it; None if it is surely not set."""
        known = self.arguments_by_name.get(name)
        if name in PLATFORM and (known is None or known.text is None):
            return self.build_args.get(name) or Variable(name, None, "platform")
        return self.afford(known)

    def afford(self, variable: Variable | None) -> Variable | None:
        """Return a variable, without its text once all uses together are too long.

        A long value with many uses would fill the memory.
        """
        if variable is not None and variable.text is not None:
            self._room -= len(variable.text)
            if self._room < 0:
                return Variable(variable.name, None, variable.kind, variable.span)
        return variable

    def may_run_triggers(self, triggers: list[Instruction], stage: Stage) -> bool:
        """Return whether a stage may run the triggers of ONBUILD, and count them.

        Many stages that are based on one with many triggers are far longer than their
        text.
        """
        self._triggered += len(triggers)
        if self._triggered <= MOST_TRIGGERED:
            return True
        self.cut = self.cut or stage
        return False

    def named(self, name: str) -> Stage | None:
        """Return the last stage so far that has a name, in any case."""
        return self._names.get(name.lower())

    def stage(self, word: str) -> Stage | None:
        """Return the stage with a name or a number."""
        if word.isascii() and word.isdigit():
            number = int(word) if len(word) < 9 else len(self.stages)
            return self.stages[number] if number < len(self.stages) else None
        return self.named(word)

    def holds(self, origin: Argument) -> bool:
        """Return whether `--from` names a stage, or a word that is no image."""
        word = origin.text
        return (
            word.isdigit()
            or word in ("", "scratch")
            or self.named(word) is not None
            or self.is_replaced(word)
        )

    def is_replaced(self, name: str) -> bool:
        """Return whether another context replaces a stage or an image.

        Names are compared as images are, without `:latest` (BuildKit,
        frontend/dockerui, namedContext).
        """
        return bool(self.contexts) and _familiar(name) in self.contexts

    def makes(self, image: Image) -> bool:
        """Return whether the project builds an image itself, so that none is pulled."""
        return image.digest is None and tagged(image) in self.own_images

    def target(self, name: str | None = None) -> Stage | None:
        """Return the stage that is built: the one named, or else the last one.

        There is none for the name of no stage, a number included (BuildKit 0.13 rejects
        it), and in a file without stages.
        """
        if name:
            return self.named(name)
        return self.stages[-1] if self.stages else None

    def builders_of(self, index: int) -> Sequence[str]:
        """Return the services whose target needs the stage with a number.

        BuildKit builds no other stages. Of many services, the first are returned.
        """
        return self._builders_by_stage[index]

    @lazy_property
    def _builders_by_stage(self) -> list[list[str]]:
        names = list(self.targets)
        numbers: list[set[int]] = [set() for _ in self.stages]
        for number, target in enumerate(self.targets.values()):
            numbers[target.index].add(number)
        # A stage needs earlier stages only. What it hands on has a limit, or many targets
        # of a long chain would take time and memory for each pair.
        for stage in reversed(self.stages):
            first = sorted(numbers[stage.index])[:MOST_BUILDERS]
            numbers[stage.index] = set(first)
            for source in stage.sources:
                numbers[source.index].update(first)
        return [[names[number] for number in sorted(each)] for each in numbers]

    @lazy_property
    def used_stages(self) -> frozenset[int]:
        """Return the numbers of the stages that others are made from."""
        return frozenset(one.index for stage in self.stages for one in stage.sources)

    @lazy_property
    def keywords(self) -> frozenset[str]:
        """Return the keywords of its steps, in capitals."""
        return frozenset([step.name for step in self.steps()])

    @lazy_property
    def flag_names(self) -> frozenset[str]:
        """Return the names of the flags of its steps."""
        flags = (flag for step in self.steps() for flag in step.instruction.flags)
        return frozenset([flag.name.value for flag in flags])

    def steps(self) -> Iterator[Step]:
        """Yield every step of every stage, and then the steps that its triggers will be."""
        for stage in self.stages:
            for one in stage.presented:
                yield from one.steps


def _familiar(name: str) -> str:
    for prefix in ("docker.io/", "library/"):
        name = name.removeprefix(prefix)
    return name.removesuffix(":latest")


@lru_cache(maxsize=1)
def shipped_stages(build: Build) -> frozenset[Stage]:
    """Return the stages whose layers are those of an image.

    These are the last stage, every stage that no other one needs, because it can only
    be built for itself, and the stages that they are based on. From the others only
    files are copied; their layers stay on the build machine.
    """
    needed = {source for stage in build.stages for source in stage.sources}
    found: set[Stage] = set()
    for stage in build.stages:
        one: Stage | None = stage
        if stage in needed and stage is not build.stages[-1]:
            continue
        while one is not None and one not in found:
            found.add(one)
            one = one.base_stage
    return frozenset(found)


class BuildContext(Record):
    """A folder, and what ``.dockerignore`` keeps out of the build.

    ``name`` is relative to the project's root, and ``ignore_file`` has the patterns.
    ``find_among`` returns those of some names that exist in a folder below it, and
    ``read_below`` the text at a path below it, if that can be read. ``is_certain`` is true if
    a service names the folder, or a ``.dockerignore`` lies in it; else it is the folder of
    the Dockerfile, where builds usually start. ``is_bare`` is true if no ``.dockerignore``
    is there or above: wherever the build starts, it keeps nothing out.
    """

    name: str
    ignore_file: Dockerignore | None
    find_among: Callable[[str, Sequence[str]], Iterable[str]]
    read_below: Callable[[str], Source | None]
    is_certain: bool
    is_bare: bool = False

    def excluding(self, path: str) -> Pattern | None:
        """Return the pattern that keeps a path of the context out of the build."""
        if self.ignore_file is None:
            return None
        found = self.ignore_file.match(path)
        return None if found is None or found.negated else found

    def among(self, folder: str, names: Sequence[str]) -> Iterator[str]:
        """Yield the paths of those of some names in a folder that are in the build."""
        for name in self.find_among(folder, names):
            path = posixpath.join(folder, name)
            if self.excluding(path) is None:
                yield path

    def read(self, path: str) -> Source | None:
        """Return the text at a path of the context, if it is in the build."""
        return None if self.excluding(path) else self.read_below(path)
