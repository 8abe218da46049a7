"""The image that a build makes: a stage, and the services that run it."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.text import Span


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
