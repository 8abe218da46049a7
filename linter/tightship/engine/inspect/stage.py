"""The stages of a Dockerfile and their images, for hovers and lenses."""

from __future__ import annotations

from tightship.isolation.user import image_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.loaded_project import BuiltImages
    from tightship.text import Span

_MOST = 50  # of ports, or of volumes


class InspectedStage:
    """A stage, and its image.

    ``span`` is that of its FROM, and ``end`` the end of its last instruction.
    ``services`` run the image. ``user`` is the user of its processes, and ``is_root`` is
    None if the Dockerfile does not decide that.
    """

    def __init__(self, stage: Stage, services: tuple[str, ...]) -> None:
        user = image_user(stage)
        self.title = stage.title
        self.span: Span = stage.instruction.span
        self.end = max([self.span.end, *(one.span.end for one in stage.steps)])
        self.services = services
        self.is_root = user.is_root
        if user.value is not None:
            self.user = user.value.text or user.value.raw
        else:
            self.user = "root" if user.is_root else ""
        self.exposed = tuple(one.raw for one in stage.exposed[:_MOST])
        self.volumes = tuple(one.raw for one in stage.volumes[:_MOST])


def inspected(built: BuiltImages, name: str) -> list[InspectedStage]:
    """Return the stages of a Dockerfile, by the name of the file.

    If it is built in several ways, a stage is that of the first service that runs it,
    or else that of the first build.
    """
    stages: dict[int, Stage] = {}
    services: dict[int, list[str]] = {}
    for image in built.images:
        stage = image.stage
        if stage.build.source.name == name:
            stages.setdefault(stage.index, stage)
            names = (container.name for container in image.containers)
            services.setdefault(stage.index, []).extend(names)
    for build in built.builds:
        if build.source.name == name:
            for stage in build.stages:
                stages.setdefault(stage.index, stage)
    return [
        InspectedStage(stages[index], tuple(services.get(index, ()))) for index in sorted(stages)
    ]
