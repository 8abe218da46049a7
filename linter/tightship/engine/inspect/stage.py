"""What the stages of a Dockerfile end up with, for whoever looks at one."""

from __future__ import annotations

from tightship.isolation.user import image_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.dockerfile.stage import Stage
    from tightship.isolation.project import BuiltImages
    from tightship.text import Span

_MOST = 50  # of ports, or of volumes


class InspectedStage:
    """A stage, and the image that comes of it.

    ``span`` is that of its FROM, and ``end`` the offset where its last instruction
    ends. ``services`` are those that run the image. ``user`` says who its processes
    run as, and ``is_root`` is None where the Dockerfile does not decide that.
    """

    __slots__ = (
        "end",
        "exposed",
        "is_root",
        "services",
        "span",
        "title",
        "user",
        "volumes",
    )

    def __init__(self, stage: Stage, services: tuple[str, ...]) -> None:
        found = image_user(stage)
        self.title = stage.title
        self.span: Span = stage.instruction.span
        self.end = max([self.span.end, *(one.span.end for one in stage.steps)])
        self.services = services
        self.is_root = found.is_root
        if found.value is not None:
            self.user = found.value.text or found.value.raw
        elif found.is_root:
            self.user = "root"
        else:
            self.user = ""
        self.exposed = tuple(one.raw for one in stage.exposed[:_MOST])
        self.volumes = tuple(one.raw for one in stage.volumes[:_MOST])


def inspected(built: BuiltImages, name: str) -> list[InspectedStage]:
    """Return the stages of a Dockerfile, by its name.

    Where it is built in several ways, a stage is shown as the first service gets it
    that runs it, or else as it is in the first build.
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
        InspectedStage(stages[index], tuple(services.get(index, ())))
        for index in sorted(stages)
    ]
