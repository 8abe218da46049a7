"""The images that a build starts from or takes files from, and their operating system."""

from __future__ import annotations

from tightship.commands.program import program_name
from tightship.frontends.dockerfile.steps import ShellStep
from tightship.lazy import TYPE_CHECKING, Record, lazy_property, regex
from tightship.values import image
from tightship.values.hole import mask
from tightship.values.image import OFFICIAL_IMAGES, image_problem, names_windows

if TYPE_CHECKING:
    from typing import Literal

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Step
    from tightship.syntax.dockerfile.nodes import Instruction
    from tightship.text import Span

    Kind = Literal["FROM", "COPY --from", "RUN --mount"]
    System = Literal["linux", "windows"]


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


_SYSTEMS: dict[str, System] = {"linux": "linux", "windows": "windows"}
_SHELLS = frozenset(("cmd", "cmd.exe", "powershell", "powershell.exe", "pwsh.exe"))


def operating_system(stage: Stage) -> System | None:
    """Return the system of a stage's image, or None if another one is possible.

    What its base says decides, then its SHELL: Linux has no ``cmd``. An official image
    is that of Linux unless its tag or the platform names another system.
    """
    found = system_of_base(stage)
    if found is None and stage.root.platform is None and _has_windows_shell(stage):
        return "windows"
    return found


def system_of_base(stage: Stage) -> System | None:
    """Return the system that the base of a stage is for, or None if it may be any."""
    image, platform = stage.image, stage.root.platform
    if image is not None and names_windows(image):
        return "windows"
    if platform is not None:
        if not platform.decided:
            return None
        from tightship.values.platform import names_of_platform

        return _SYSTEMS.get(names_of_platform(platform.text)[0])
    if _has_windows_shell(stage):
        return None
    if image is None:
        return "linux" if stage.is_from_scratch else None
    is_plain = image.familiar in OFFICIAL_IMAGES and not image.undecided
    return "linux" if is_plain else None


def _has_windows_shell(stage: Stage) -> bool:
    step = stage.last(ShellStep)
    words = step.arguments if step is not None else ()
    return any(program_name(word.raw.replace("\\", "/")).lower() in _SHELLS for word in words[:1])
