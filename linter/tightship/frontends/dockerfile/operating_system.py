"""The operating system of a stage's image, from what the Dockerfile says."""

from __future__ import annotations

from tightship.commands.program import program_name
from tightship.frontends.dockerfile.steps import ShellStep
from tightship.values.image import OFFICIAL_IMAGES, names_windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.frontends.dockerfile.stage import Stage

    System = Literal["linux", "windows"]

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
