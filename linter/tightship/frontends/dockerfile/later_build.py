"""The build of another Dockerfile on an image of this one, as far as it is known."""

from __future__ import annotations

from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.stage import Stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.variable import Variable


class LaterBuild(Build):
    """A build that starts from the image of a stage, and runs its triggers of ONBUILD.

    They come directly after the FROM of that build: the user, the folder, the shell and
    the environment are those of the image. The arguments, the context, the other stages
    and the steps that follow are unknown.
    """

    def __init__(self, upstream: Stage) -> None:
        """Read the triggers of a stage as steps."""
        self._upstream = upstream
        super().__init__(upstream.build.file, own_images=upstream.build.own_images)

    def _read(self) -> None:
        upstream = self._upstream
        stage = Stage(self, upstream.instruction, upstream.index, upstream)
        self.stages.append(stage)
        for trigger in upstream.triggers:
            stage.add(trigger)

    def afford(self, variable: Variable | None) -> Variable | None:
        """Return a variable; the room is that of the build that it belongs to."""
        return self._upstream.build.afford(variable)

    def stage(self, word: str) -> Stage | None:
        """Return None: its numbers and names are those of another file."""
        return None

    def holds(self, origin: Argument) -> bool:
        """Return whether `--from` may name a stage: any bare word may."""
        return not any(mark in origin.text for mark in "/:@") or super().holds(origin)
