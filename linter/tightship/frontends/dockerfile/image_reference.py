"""The images that a build starts from or takes files from."""

from __future__ import annotations

from tightship.lazy import Record, lazy_property, regex
from tightship.values import image
from tightship.values.hole import mask
from tightship.values.image import image_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Step
    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship.text import Span

    Kind = Literal["FROM", "COPY --from", "RUN --mount"]

_REFERENCE = regex(r"[A-Za-z0-9._:/@+\0-]+")


class ImageReference(Record):
    """A reference that names an image, not a stage.

    ``kind`` says which instruction names it. ``step`` is absent for FROM.
    """

    argument: Argument
    stage: Stage
    instruction: Instruction
    kind: Kind
    step: Step | None = None

    @property
    def deferred(self) -> bool:
        """Return whether only a later build uses it."""
        return self.stage.deferred

    @property
    def span(self) -> Span:
        """Return the place of the reference."""
        return self.argument.span

    @lazy_property
    def image(self) -> image.Image:
        """Return its parts; those known only in the build are among ``undecided``."""
        return image.parse(self.argument.text)

    @property
    def is_readable(self) -> bool:
        """Return whether it can name an image, which `{{ image }}` and `nginx:` cannot."""
        text = self.argument.text
        if _REFERENCE.fullmatch(mask(text)) is None:
            return False
        return not self.argument.decided or image_problem(text) is None
