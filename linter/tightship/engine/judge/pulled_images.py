"""Every image that a project or a Dockerfile has pulled, if some are to be trusted."""

from __future__ import annotations

from tightship.isolation.pulled_image import PulledImage
from tightship.rules.kit import by_default, with_defaults
from tightship.values import image
from tightship.values.registry import Registries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.dockerfile.build import Build
    from tightship.engine.settings.policy import Policy
    from tightship.isolation.container import Container
    from tightship.isolation.project import BuiltImages


def pulled_images(
    policy: Policy, containers: Iterable[Container], built: BuiltImages | None
) -> Iterator[PulledImage]:
    """Yield the images that are pulled; none where no registry is said to be trusted."""
    names = policy.settings.trusted_registries
    if names is None:
        return
    trusted = Registries(names)
    for container in containers:
        pulled = container.pulled_image
        if pulled is not None:
            written = container.service.text("image")
            yield PulledImage(
                written.span,
                pulled,
                trusted,
                by=f"service `{container.name}`",
                defaults=by_default(written.provenance),
                container=container,
            )
    for build in built.builds if built is not None else ():
        yield from _of_build(build, trusted)


def _of_build(build: Build, trusted: Registries) -> Iterator[PulledImage]:
    for stage in build.stages:
        for one in stage.references:
            if one.is_readable:
                defaults = with_defaults(one.argument)
                by = f"`{one.kind}`"
                yield PulledImage(
                    one.span, one.image, trusted, by=by, defaults=defaults
                )
    directive = build.file.directive("syntax")
    if directive is None or "BUILDKIT_SYNTAX" in build.build_args:
        return
    # Behind the image, options of the frontend may follow.
    name = directive.value.value.partition(" ")[0]
    if name:
        span = directive.value.span.part(name)
        yield PulledImage(span, image.parse(name), trusted, by="`# syntax`")
