"""A stage: the steps of one FROM, and the settings of its image."""

from __future__ import annotations

from bisect import bisect_left

from tightship.frontends.dockerfile.argument import Argument
from tightship.frontends.dockerfile.image_reference import ImageReference
from tightship.frontends.dockerfile.script import DEFAULT_SHELL, SHELL_OF_WINDOWS, Shell
from tightship.frontends.dockerfile.steps import (
    KINDS,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Run,
    ShellStep,
    User,
    Volume,
)
from tightship.frontends.dockerfile.variable import END, Scope, Variable
from tightship.lazy import TYPE_CHECKING, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.image_reference import System
    from tightship.frontends.dockerfile.steps import Step
    from tightship.frontends.dockerfile.variable import Read
    from tightship.syntax.dockerfile.nodes import Instruction, Word
    from tightship.text import Span
    from tightship.values.image import Image

    S = TypeVar("S", bound=Step)

_MOST_STAGES = 50
_MOST_STEPS = 100

PLATFORM = frozenset(
    f"{side}{part}"
    for side in ("TARGET", "BUILD")
    for part in ("PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT")
) | {"TARGETSTAGE"}
"""The arguments that BuildKit sets itself.

FROM sees them as they are, a stage once an ARG names them (Dockerfile reference,
automatic platform ARGs in the global scope).
"""


class Stage:
    """A stage of a build.

    It inherits the settings of the stage or the image that it is based on. ``base`` is
    the argument of FROM, absent in a FROM without one; ``root`` is the stage of its
    ancestry that is based on an image. ``triggers`` are the instructions behind ONBUILD.
    A ``deferred`` stage is in a later build, which runs them on this one's image.
    ``derived`` keeps what others work out from all of its steps, by type.
    """

    def __init__(
        self, build: Build, instruction: Instruction, index: int, upstream: Stage | None = None
    ) -> None:
        """Begin a stage with its FROM; its steps are added as they are read.

        ``upstream`` is the stage whose image it starts from in a later build.
        """
        self.build = build
        self.instruction = instruction
        self.index = index
        self.deferred = upstream is not None
        self.steps: list[Step] = []
        words = [] if upstream else instruction.arguments
        self.base: Argument | None = build.base(words[0]) if words else None
        named = len(words) == 3 and words[1].value.lower() == "as"
        self.label: Word | None = words[2] if named else None
        # FROM can only name a stage above: it is resolved as the file is read.
        self.is_from_context = self.base is not None and build.is_replaced(self.base.text)
        self.base_stage: Stage | None = (
            build.named(self.base.text)
            if self.base is not None and not self.is_from_context
            else upstream
        )
        self.root: Stage = self.base_stage.root if self.base_stage else self
        below = self.base_stage
        self.derived: dict[type[object], object] = {}
        self.triggers: list[Instruction] = []
        self._triggered: list[Step] = []
        self._own: dict[type[Step], list[Step]] = {}
        self._final: dict[type[Step], Step] = dict(below._final) if below else {}
        self._scope: Scope = Scope(below._scope if below else None, takes_arguments=not upstream)
        if below is not None and not self.deferred:
            self._run_triggers(below)
        elif below is None and self.is_from_scratch:
            self._scope.start_with_nothing(on_linux=self.platform is None)

    def __repr__(self) -> str:
        return f"Stage({self.index}, {self.name!r})"

    @property
    def name(self) -> str:
        """Return its name in lower case, or nothing; names are not case-sensitive."""
        return self.label.value.lower() if self.label else ""

    @property
    def title(self) -> str:
        """Return its name in messages: its own, or that of its base."""
        if self.label is not None:
            return f"stage `{self.label.value}`"
        if self.deferred:
            return "that image"
        return f"the stage from `{self.base.raw}`" if self.base else "this stage"

    @property
    def span(self) -> Span:
        """Return the place of its name, or of its base, to report what is missing."""
        if self.label is not None:
            return self.label.span
        return self.base.span if self.base else self.instruction.span

    @property
    def platform(self) -> Argument | None:
        """Return the value of ``--platform``."""
        flag = self.instruction.flag("platform")
        if flag is None or flag.value is None or self.deferred:
            return None
        return Argument(flag.value, self.build.escape, self.build.global_variable)

    @property
    def reads(self) -> list[Read]:
        """Return the variables that FROM reads."""
        words = (self.base, self.platform)
        return [read for word in words if word is not None for read in word.reads]

    @lazy_property
    def keywords(self) -> frozenset[str]:
        """Return the keywords of its steps, in capitals."""
        return frozenset([step.name for step in self.steps])

    @lazy_property
    def presented(self) -> tuple[Stage, ...]:
        """Return this stage, and with triggers the one of a later build that runs them."""
        if not self.triggers:
            return (self,)
        from tightship.frontends.dockerfile.later_build import LaterBuild  # rare

        return (self, *LaterBuild(self).stages)

    @lazy_property
    def ancestry(self) -> tuple[Stage, ...]:
        """Return this stage, the one it is based on, and so on to the first one."""
        found: list[Stage] = []
        stage: Stage = self
        while stage.base_stage is not None:
            found.append(stage)
            stage = stage.base_stage
        return (*found, stage)

    @property
    def is_from_scratch(self) -> bool:
        """Return whether it starts from ``scratch``."""
        root = self.root
        return root.base is not None and root.base.text == "scratch" and not root.is_from_context

    @property
    def image(self) -> Image | None:
        """Return the image that its ancestry is based on, if that is not ``scratch``."""
        found = self.root.reference
        return found.image if found else None

    @lazy_property
    def reference(self) -> ImageReference | None:
        """Return the image that FROM itself names, if it is no stage or ``scratch``."""
        base = self.base
        if base is None or self.base_stage is not None or base.text in ("", "scratch"):
            return None
        if self.is_from_context:
            return None
        return ImageReference(base, self, self.instruction, "FROM")

    @lazy_property
    def references(self) -> tuple[ImageReference, ...]:
        """Return every image that it is made from, that of FROM first.

        Images that the project builds are not among them.
        """
        return tuple(one for one in self._references() if not self.build.makes(one.image))

    def _references(self) -> Iterator[ImageReference]:
        if self.reference is not None:
            yield self.reference
        for step in (*self._triggered, *self.steps):
            if isinstance(step, Copy):
                origin = step.origin
                # BuildKit does not expand variables here.
                if origin and "$" not in origin.raw and not self.build.holds(origin):
                    yield ImageReference(origin, self, step.instruction, "COPY --from", step)
            elif isinstance(step, Run):
                for mount in step.mounts:
                    origin = mount.origin
                    if origin and mount.kind != "tmpfs" and not self.build.holds(origin):
                        yield ImageReference(origin, self, step.instruction, "RUN --mount", step)

    # -- reading on

    def add(self, instruction: Instruction) -> None:
        """Take the next instruction."""
        trigger = instruction.trigger
        if trigger is not None:
            if trigger.name in KINDS and trigger.name != "MAINTAINER":  # Docker refuses it
                self.triggers.append(trigger)
            return
        kind = KINDS.get(instruction.name)
        if kind is not None:
            step = kind(instruction, self, len(self.steps))
            self.steps.append(step)
            self._apply(step)

    def _run_triggers(self, base: Stage) -> None:
        """Run the ONBUILD triggers of the base stage, and of no other.

        Facts from BuildKit, dockerfile2llb: initOnBuildTriggers.
        """
        triggers = base.triggers if self.build.may_run_triggers(base.triggers, self) else []
        for index, trigger in enumerate(triggers, -len(triggers)):
            step = KINDS[trigger.name](trigger, self, index)
            self._triggered.append(step)
            self._apply(step)

    def _apply(self, step: Step) -> None:
        kind = type(step)
        if kind is Entrypoint and Cmd not in self._own:
            self._final.pop(Cmd, None)
        self._own.setdefault(kind, []).append(step)
        self._final[kind] = step
        if isinstance(step, Arg):
            for pair in step.pairs:
                self._scope.set(step.index, self._argument(step, pair.name, pair.value))
        elif isinstance(step, Env):
            made = [
                Variable(
                    pair.name.text,
                    pair.value.text if pair.value else "",
                    "environment",
                    pair.name.span,
                )
                for pair in step.pairs
            ]
            for variable in made:
                self._scope.set(step.index, variable)

    def _argument(self, step: Arg, name: Argument, value: Argument | None) -> Variable:
        """Return the variable of an ARG: the build argument, the default, the file's.

        Without any of these it changes nothing. An ENV above does not win: it stays in
        the image, but words see the last one. Facts from BuildKit, dockerfile2llb:
        dispatchArg.
        """
        build, key = self.build, name.raw
        passed = build.build_args.get(key)
        if passed is not None:
            above = build.arguments_by_name.get(key, passed)
            return (above if value is None else passed).with_default(value.text if value else "")
        if value is not None:
            return Variable(key, value.text, "argument", name.span)
        shared = build.global_variable(key)
        if shared is not None and (shared.kind == "platform" or shared.text is not None):
            return shared
        known = step.lookup(key)
        if known is not None and known.kind != "unknown":
            return known
        return shared or Variable(key, None, "argument", name.span)

    # -- the settings of its image

    def variable(self, name: str, before: int = END) -> Variable | None:
        """Return a variable as it is known before a step; None if surely not set."""
        return self.build.afford(self._scope.known(name, before))

    @property
    def environment(self) -> dict[str, Variable]:
        """Return what ENV sets, by name; the image that it is based on may set more."""
        return self._scope.environment()

    @property
    def effective_steps(self) -> list[Step]:
        """Return the steps that take effect, in order: those of triggers come first."""
        return [*self._triggered, *self.steps]

    def last(self, kind: type[S], before: int = END) -> S | None:
        """Return the last step of a kind in its ancestry, which is the one that counts.

        An ENTRYPOINT takes away the CMD of what its stage is based on (Dockerfile
        reference, understand how CMD and ENTRYPOINT interact).
        """
        found = self._final.get(kind)
        if before < END:
            own = self._own.get(kind, ())
            at = bisect_left(own, before, key=lambda step: step.index)
            below = self.base_stage
            found = below._final.get(kind) if below else None
            found = own[at - 1] if at else found
        return found if isinstance(found, kind) else None

    def every(self, kind: type[S]) -> list[S]:
        """Return all steps of a kind in its ancestry, in the order they are taken."""
        return [
            step
            for stage in reversed(self.ancestry)
            for step in stage.effective_steps
            if type(step) is kind
        ]

    @lazy_property
    def user(self) -> User | None:
        """Return the USER that counts; without one, the image's counts."""
        return self.last(User)

    @lazy_property
    def healthcheck(self) -> Healthcheck | None:
        """Return the HEALTHCHECK that counts."""
        return self.last(Healthcheck)

    @lazy_property
    def entrypoint(self) -> Entrypoint | None:
        """Return the ENTRYPOINT that counts."""
        return self.last(Entrypoint)

    @lazy_property
    def command(self) -> Cmd | None:
        """Return the CMD that counts."""
        return self.last(Cmd)

    @lazy_property
    def volumes(self) -> tuple[Argument, ...]:
        """Return the paths that are volumes."""
        return tuple(a for step in self.every(Volume) for a in step.arguments)

    @lazy_property
    def exposed(self) -> tuple[Argument, ...]:
        """Return the ports that EXPOSE names."""
        return tuple(a for step in self.every(Expose) for a in step.arguments)

    @lazy_property
    def system(self) -> System | None:
        """Return the system of its image, or None if another one is possible."""
        from tightship.frontends.dockerfile.image_reference import operating_system

        return operating_system(self)

    @lazy_property
    def _names_windows(self) -> bool:
        from tightship.frontends.dockerfile.image_reference import system_of_base

        return system_of_base(self) == "windows"

    def shell_at(self, index: int = END) -> Shell:
        """Return the shell that reads shell forms at a step, or once all is built."""
        step = self.last(ShellStep, index)
        if step is None:
            return SHELL_OF_WINDOWS if self.root._names_windows else DEFAULT_SHELL
        words = tuple(argument.raw for argument in step.arguments)
        return Shell(words, step.instruction)

    @lazy_property
    def sources(self) -> tuple[Stage, ...]:
        """Return the stages that it is based on or takes files from, directly."""
        found = [self.base_stage] if self.base_stage else []
        for step in self.effective_steps:
            find: Callable[[str], Stage | None] = self.build.stage
            if isinstance(step, Copy):
                origins = [step.origin]
            elif isinstance(step, Run):
                # A number is no stage here (BuildKit, detectRunMount).
                origins = [mount.origin for mount in step.mounts]
                find = self.build.named
            else:
                continue
            for origin in origins:
                stage = find(origin.text) if origin else None
                if stage is not None:
                    found.append(stage)
        return tuple(found)


def is_long(stage: Stage) -> bool:
    """Return whether a stage has so many steps that no step should ask all before it."""
    if len(stage.ancestry) > _MOST_STAGES:
        return True
    return sum(len(one.steps) for one in stage.ancestry) > _MOST_STEPS
