"""The facts about a user: of a container, or of an image."""

from __future__ import annotations

from tightship.frontends.dockerfile.stage import Stage
from tightship.isolation.accounts import keeps_users
from tightship.isolation.base_image import surely_has_user, user_of
from tightship.isolation.first_user import has_unknown_id
from tightship.isolation.user import image_user, is_app_of_dotnet, name_of, names_root
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Scalar, argument, maybe, scalar, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container

_LONGEST = 20


def _name(of: Container | Stage) -> Scalar:
    if isinstance(of, Stage):
        found = image_user(of)
        if found.value is None:
            return Scalar(found.span, "root") if found.is_root else unknown(found.span)
        return argument(found.value, found.span)
    if not of.user.surely_absent and of.user.value != "":
        return scalar(of.user)
    if of.stage is not None:
        return _name(of.stage)
    needs = of.image_needs
    name = needs.user.name if needs is not None and needs.user else None
    return Scalar(of.span, name, known=name is not None)


def _number(of: Container | Stage, index: int) -> Scalar:
    """Return the number of a user, or of its group; what a name has, the image decides."""
    name = _name(of)
    if not name.known:
        return unknown(name.span)
    parts = str(name.value).split(":")
    part = parts[index] if index < len(parts) else ""
    if part.isascii() and part.isdigit():
        return Scalar(name.span, int(part[:_LONGEST]))
    return Scalar(name.span, 0) if part == "root" else unknown(name.span)


def _root(of: Container | Stage) -> Scalar:
    if isinstance(of, Stage):
        return _root_in_image(of)
    is_own = not of.user.surely_absent and of.user.value != ""
    if is_own or of.stage is None:
        return maybe(of.user.span, of.starts_as_root)
    return _root_in_image(of.stage)


def _root_in_image(stage: Stage) -> Scalar:
    """Return whether the user of a built image is root; most names mean what its base says."""
    found = image_user(stage)
    is_root, base = found.is_root, stage.image
    if found.value is None:
        if is_root is None and base is not None and stage.system != "windows":
            user = user_of(base)
            is_root = names_root(user) if user is not None else None
    elif is_root is False and has_unknown_id(stage, name := name_of(found.value)):
        is_sure = base and surely_has_user(base, name) and keeps_users(stage)
        is_root = False if is_sure or is_app_of_dotnet(stage, found.value) else None
    return maybe(found.span, is_root)


USER = Group(
    "user",
    "the user that a container or an image starts as",
    {
        "name": Fact("text", "the user as it is written, by `user` or USER", _name),
        "uid": Fact("number", "the number of the user", lambda of: _number(of, 0)),
        "gid": Fact("number", "the number of the group", lambda of: _number(of, 1)),
        "root": Fact("flag", "whether the first process starts as root", _root),
    },
)
