"""The user of the processes of a container, with its groups, and of an image."""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import TYPE_CHECKING, Record
from tightship.values import process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.argument import Argument
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.frontends.dockerfile.steps import Cmd, Entrypoint, User
    from tightship.frontends.dockerfile.variable import Variable
    from tightship.isolation.container import Container
    from tightship.model.setting import Setting
    from tightship.text import Span


DOTNET = "mcr.microsoft.com/dotnet/"
"""The names of .NET's images begin with it."""


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
    no USER counts.
    """

    is_root: bool | None
    span: Span
    value: Argument | None = None


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
    return ImageUser(True if stage.image and runs_as_root(stage.image) else None, span)


def _is_root(stage: Stage, step: User) -> bool | None:
    """Return whether a USER is root; its name may be another one of root's."""
    from tightship.isolation.accounts import is_root_by_another_name
    from tightship.model.standing import is_value

    value = step.value
    if value is None or value.expansion.problem:
        return None
    if value.text == "":
        return True if value.decided else None
    if is_app_of_dotnet(stage, value):
        return False
    verdict = names_root(value.text)
    if verdict is None and is_value("user", _as_it_stands(step, value.raw)):
        return True
    if verdict is not True and is_root_by_another_name(stage, name_of(value)):
        return True
    return verdict


def _as_it_stands(step: User, raw: str) -> str:
    """Return what a build makes of a USER without its arguments: those without a value are unset."""
    from tightship.frontends.dockerfile.argument import expand
    from tightship.frontends.dockerfile.variable import Variable

    def given(name: str) -> Variable | None:
        found = step.lookup(name)
        if found is None or found.text is not None:
            return found
        if found.kind == "given" and found.unset is not None:
            return Variable(name, found.unset, "given")
        return None if found.kind == "argument" else found

    return expand(raw, step.stage.build.escape, given).text


def may_be_empty(stage: Stage) -> bool:
    """Return whether USER is empty, so that it is root, as long as a variable has no value."""
    step = stage.user
    if step is None or step.value is None or step.value.decided:
        return False
    return _as_it_stands(step, step.value.raw) == "" and any(
        one.variable is not None and one.variable.kind == "given" for one in step.value.reads
    )


def is_app_of_dotnet(stage: Stage, value: Argument) -> bool:
    """Return whether a USER is the variable of .NET's images (dotnet-docker, runtime-deps)."""
    image = stage.image
    is_variable = not value.decided and value.raw in ("$APP_UID", "${APP_UID}")
    return is_variable and image is not None and image.familiar.startswith(DOTNET)


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


_POWERS = {
    "root": "use files of root's group",
    "docker": "command the Docker daemon through its socket",
    **dict.fromkeys(("lxd", "incus-admin"), "command the daemon of LXD or Incus by its socket"),
    "libvirt": "command libvirt through its socket",
    "disk": "read and write the raw disks",
    "shadow": "read the password hashes",
    "kvm": "use hardware virtualisation",
    "adm": "read the logs",
    "systemd-journal": "read the journal",
}
# Numbers that are the same on the usual distributions (Debian, base-passwd; Fedora,
# setup; Alpine, alpine-baselayout). Fedora has no group 42.
_NUMBERS = {"0": "root", "4": "adm", "6": "disk", "42": "shadow"}


class PowerfulGroup:
    """A group of a container that has power over the host.

    ``written`` is how the file names it, and ``name`` its name, even if that is a number;
    ``power`` describes the rights of its members; ``setting`` is the item, or the
    ``user`` whose first group it is.
    """

    __slots__ = ("name", "power", "setting", "written")

    def __init__(self, setting: Setting[str], written: str, name: str) -> None:
        self.setting = setting
        self.written = written
        self.name = name
        self.power = _POWERS[name]

    @property
    def title(self) -> str:
        """Return the group as it is written, with its name where that is a number."""
        same = self.written == self.name
        return self.name if same else f"{self.written} ({self.name})"


def powerful_groups(container: Container) -> Iterator[PowerfulGroup]:
    """Yield each group with power over the host that a container surely joins."""
    for item in container.texts("group_add").items:
        written = item.value or ""
        if (name := _name(written)) in _POWERS:
            yield PowerfulGroup(item, written, name)
    first = (container.user.value or "").partition(":")[2]
    # A user of group 0 is usual: what root owns is seldom open to its group.
    if (name := _name(first)) in _POWERS and name != "root":
        yield PowerfulGroup(container.user, first, name)


def open_group(container: Container) -> Span | None:
    """Return the place of a group that only a run knows, if there is one."""
    from tightship.model.value import ScalarValue

    added = container.texts("group_add")
    if not added.all_decided:
        return added.span
    user = container.user
    source = user.source
    is_open = not user.decided and isinstance(source, ScalarValue) and ":" in source.text
    return user.span if is_open else None


def _name(written: str) -> str:
    return _NUMBERS.get(written.lstrip("0") or written[:1], written)
