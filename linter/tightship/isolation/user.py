"""The user of the processes of a container, and of an image."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import Record
from tightship.values import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint, User
    from tightship.model.setting import Setting
    from tightship.text import Span


def is_surely_root(user_setting: Setting[str]) -> bool:
    """Return whether a setting such as ``user`` surely names root, whatever the group."""
    text = _text(user_setting)
    return text is not None and names_root(text) is True


def is_surely_another(user_setting: Setting[str]) -> bool:
    """Return whether a setting such as ``user`` surely names a user who is not root.

    Where it is empty, the image decides.
    """
    text = _text(user_setting)
    return text is not None and text != "" and names_root(text) is False


def _text(user_setting: Setting[str]) -> str | None:
    from tightship.model.value import ScalarValue  # a Dockerfile has none

    source = user_setting.source
    return source.text if isinstance(source, ScalarValue) else None


def names_root(text: str) -> bool | None:
    """Return whether ``user`` or ``user:group`` names root.

    On Windows that is ContainerAdministrator, in any case (Microsoft, Secure Windows
    containers); no Linux image has a user of this name.
    """
    return text.lower() == "containeradministrator" or process.is_root(text)


class ImageUser(Record):
    """The user of an image, which a container may replace.

    ``is_root`` is ``None`` where the Dockerfile does not decide. ``span`` is the place
    that decides, or else the base image. ``value`` is the value of USER, absent where
    no USER counts. ``known_from`` is the source of the facts about the base image,
    where these decide.
    """

    is_root: bool | None
    span: Span
    value: Argument | None = None
    known_from: str = ""


# Many services may build one stage. Each cached stage keeps its whole Dockerfile.
@lru_cache(maxsize=16)
def image_user(stage: Stage) -> ImageUser:
    """Return the user of the image that a stage makes.

    Without USER it is the user of the base image, and root where there is none (OCI
    image specification, config, User), as it is for an empty USER (BuildKit,
    dockerfile2llb, dispatchUser). Windows has no such user: there it is undecided.
    """
    # Few projects build images.
    from tightship.isolation.base_image import runs_as_root

    step = stage.user
    if step is not None and step.value is not None:
        return ImageUser(_is_root(stage, step), step.value.span, step.value)
    base = stage.root.base
    span = base.span if base is not None else stage.root.span
    if stage.is_from_scratch:
        return ImageUser(is_root=True, span=span)
    if stage.system == "windows":
        return ImageUser(None, span)
    source = runs_as_root(stage.image) if stage.image else ""
    return ImageUser(True if source else None, span, known_from=source)


def _is_root(stage: Stage, step: User) -> bool | None:
    """Return whether a USER is root; its name may be another one of root's."""
    from tightship.isolation.accounts import is_root_by_another_name

    value = step.value
    if value is None or value.expansion.problem:
        return None
    if value.text == "":
        return True if value.decided else None
    verdict = names_root(value.text)
    if verdict is False and is_root_by_another_name(stage, name_of(value)):
        return True
    return verdict


def name_of(value: Argument) -> str:
    """Return the part of a USER that names the user, without its group."""
    return value.text.partition(":")[0]


def _leaves_another(step: Entrypoint | Cmd) -> bool:
    """Return whether what a command leaves running is surely another user's."""
    from tightship.isolation.accounts import switches_user

    calls = step.calls
    if len(calls) < 2 or not any(map(switches_user, calls)):
        return any(map(switches_user, calls))
    from tightship.isolation.entrypoint_script import is_passive
    from tightship.isolation.lasting_user import goes_on_as_another

    found = [goes_on_as_another(run, {}, calls, (), is_passive) for run in step.runs]
    return found == [True]


def steps_down(stage: Stage) -> bool:
    """Return whether an image switches to another user, whatever its USER.

    Its ENTRYPOINT or CMD does so by ``gosu`` or similar, or it keeps the entrypoint of
    an official base image that does for its CMD. Scripts that are copied into the image
    do not count.
    """
    from tightship.isolation.base_image import steps_down as base_steps_down

    entrypoint = stage.entrypoint
    own = [step for step in (entrypoint, stage.command) if step is not None]
    if any(_leaves_another(step) for step in own):
        return True
    image = stage.image
    if entrypoint is not None or image is None:
        return False
    return base_steps_down(image, stage.command.words if stage.command else None)
