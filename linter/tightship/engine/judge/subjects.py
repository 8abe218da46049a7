"""The subjects of a project: everything that a rule may be about, in a fixed order."""

from __future__ import annotations

from tightship.engine.judge.text_fragments import text_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.dockerfile.build import Build
    from tightship.isolation.loaded_project import BuiltImages, LoadedProject


def subjects(loaded: LoadedProject) -> Iterator[object]:
    """Yield the subjects of a project: Compose files first, then Dockerfiles."""
    if loaded.compose is not None:
        from tightship.engine.judge.compose_subjects import compose_subjects

        yield from compose_subjects(loaded, loaded.compose)
    if loaded.built is not None:
        yield from _of_dockerfiles(loaded.built)


def _of_dockerfiles(built: BuiltImages) -> Iterator[object]:
    for build in built.builds:
        yield from build_subjects(build)
    for source in built.sources:
        yield text_fragment(source)
    yield from built.images
    yield from built.unknown_targets
    yield from built.gaps


def build_subjects(build: Build) -> Iterator[object]:
    """Yield a build, and everything in it that a rule may be about."""
    # Steps come before the subjects of rules that compare them.
    for stage in build.stages:
        yield from stage.steps
    for stage in build.stages:
        yield stage
        yield from stage.references
    yield build
