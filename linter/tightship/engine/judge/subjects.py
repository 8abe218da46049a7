"""The subjects of a project: everything that a rule may be about, in a fixed order."""

from __future__ import annotations

from itertools import chain

from tightship.findings import Gap
from tightship.text import Span
from tightship.values.secret import TextFragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.commands.calls import Call
    from tightship.frontends.dockerfile.build import Build
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import BuiltImages, LoadedProject
    from tightship.model.project import Project
    from tightship.syntax import SyntaxProblem

_MANY_WORDS = 100


def subjects(
    loaded: LoadedProject, of_container: Callable[[Container], Iterable[object]] | None = None
) -> Iterator[object]:
    """Yield the subjects of a project: Compose files first, then Dockerfiles.

    Another function may take the place of :func:`container_subjects`, for Compose files.
    """
    if loaded.compose is not None:
        from tightship.engine.judge.compose import compose_subjects
        from tightship.frontends.compose.project import ComposeProject

        if isinstance(loaded.compose, ComposeProject):
            yield from compose_subjects(loaded, loaded.compose, of_container or container_subjects)
        else:
            yield from _of_commands(loaded, loaded.compose)
    if loaded.built is not None:
        yield from _of_dockerfiles(loaded.built)


def _of_commands(loaded: LoadedProject, project: Project) -> Iterator[object]:
    """Yield what the commands of a file start; they may be alternatives, so none is compared."""
    from tightship.isolation.mounts import Mount

    yield from project.services.values()
    for source in project.sources:
        yield TextFragment(source.text, Span(source, 0, len(source.text)))
    for container in loaded.containers:
        for one in container_subjects(container):
            volume = one.volume if isinstance(one, Mount) else None
            if volume is None or not container.settings.supplies(volume.value):
                yield one
    yield from loaded.images
    yield from project.gaps


def container_subjects(container: Container) -> Iterator[object]:
    """Yield a container, and everything in it that a rule may be about."""
    yield container
    yield from container.lost_hardening
    yield from container.mounts
    yield from container.devices
    yield from container.device_rules
    yield from container.grants
    yield from container.ports


def _of_dockerfiles(built: BuiltImages) -> Iterator[object]:
    for build in built.builds:
        yield from build_subjects(build)
    for source in built.sources:
        # The whole text, with comments and heredocs.
        yield TextFragment(source.text, Span(source, 0, len(source.text)))
    yield from built.images
    yield from built.unknown_targets
    yield from built.gaps


def build_subjects(build: Build) -> Iterator[object]:
    """Yield a build, and everything in it that a rule may be about."""
    from tightship.frontends.dockerfile.steps import Run, ScriptStep  # not for Compose files alone

    presented = chain(*(stage.presented for stage in build.judged))
    judged = sorted(presented, key=lambda stage: stage.deferred)
    # Steps come before the subjects of rules that compare them.
    for stage in judged:
        yield from stage.steps
    for stage in judged:
        yield stage
        yield from stage.references
    yield build
    for stage in chain(*(stage.presented for stage in build.stages)):
        calls: list[Call] = []
        for step in stage.steps:
            if isinstance(step, ScriptStep):
                calls += step.calls  # to make them tells what is not read
                yield from map(_unread, chain(*(one.unread for one in step.scripts)))
                if isinstance(step, Run) and step.has_unknown_shell:
                    yield Gap(step.span, "what it runs was not checked: the shell is unknown")
        if sum([len(call.command.words) for call in calls]) > _MANY_WORDS:
            yield from _unfollowed(calls)


def _unfollowed(calls: list[Call]) -> Iterator[Gap]:
    from tightship.commands.download import MOST_FILES, first_unfollowed

    call = first_unfollowed(calls)
    if call is not None:
        command = call.command
        message = (
            f"more than {MOST_FILES} files are downloaded, so the use of some of them"
            " was not checked"
        )
        yield Gap(command.text.span(command.start, command.end), message)


def _unread(problem: SyntaxProblem) -> Gap:
    return Gap(problem.span, f"the rest of this script was not checked: {problem.message}")
