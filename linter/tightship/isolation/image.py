"""The image that a build makes: a stage, and the services that run it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.build import Build
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.text import Span


class BuiltImage:
    """The image of a build: the subject of rules about images.

    ``stage`` is the target: that of a service, or the default where no service builds
    the file. ``containers`` are those that run the image.
    """

    __slots__ = ("containers", "stage")

    def __init__(self, stage: Stage, containers: tuple[Container, ...] = ()) -> None:
        self.stage = stage
        self.containers = containers

    @property
    def span(self) -> Span:
        """Return the place of the stage's name, where absences are reported."""
        return self.stage.span


class UnknownTarget:
    """The ``target`` of a service that its Dockerfile has no stage for."""

    __slots__ = ("build", "name", "span")

    def __init__(self, span: Span, name: str, build: Build) -> None:
        self.span = span
        self.name = name
        self.build = build
