"""The subjects of a project: everything that a rule may be about, in a fixed order."""

from __future__ import annotations

from tightship.engine.judge.text_fragments import text_fragment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.dockerfile.build import Build
    from tightship.engine.settings.policy import Policy
    from tightship.isolation.project import BuiltImages, LoadedProject


def subjects(loaded: LoadedProject, policy: Policy | None) -> Iterator[object]:
    """Yield the subjects of a project; a policy may add the images that are pulled."""
    if loaded.compose is not None:
        from tightship.engine.judge.compose_subjects import compose_subjects

        yield from compose_subjects(loaded, loaded.compose)
    elif loaded.built is not None:
        yield from _of_dockerfiles(loaded.built)
    if policy is not None:
        from tightship.engine.judge.pulled_images import pulled_images

        yield from pulled_images(policy, loaded.containers, loaded.built)
    if loaded.compose is not None and loaded.built is not None:
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
    """Yield a Dockerfile as it is built, and everything of it that a rule may be about."""
    # Steps come before what looks around among them.
    for stage in build.stages:
        yield from stage.steps
    for stage in build.stages:
        yield stage
        yield from stage.references
    yield build
