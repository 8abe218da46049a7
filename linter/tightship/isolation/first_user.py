"""The user that the first process of a container starts as."""

from __future__ import annotations

from tightship.isolation.accounts import creates, has_open_id, is_root_by_another_name
from tightship.isolation.base_image import runs_as_root
from tightship.isolation.user import (
    image_user,
    is_surely_another,
    is_surely_root,
    name_of,
    names_root,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.model.setting import Setting


def starts_as_root(container: Container) -> bool | None:
    """Return whether a container's first process starts as root, or ``None`` if unknown.

    An entrypoint that starts as root and switches to another user starts as root: what
    it has not given up yet is open to a flaw in it.
    """
    if not container.user.surely_absent and container.user.value != "":
        return is_root_in(container, container.user)
    if container.stage is not None:
        return _is_root_of(container.stage)
    if container.value("build") is not None or container.may_have("build"):
        return None  # nobody has seen what it builds under the name of the image
    if container.image is not None and runs_as_root(container.image):
        return True
    needs = container.image_needs
    return names_root(needs.user.name) if needs is not None and needs.user else None


def is_root_in(container: Container, user: Setting[str]) -> bool | None:
    """Return whether a user who is named for a process of a container is root there."""
    name = (user.value or "").partition(":")[0]
    stage = container.stage
    if is_surely_root(user) or (stage and name and is_root_by_another_name(stage, name)):
        return True
    if is_surely_another(user):
        return None if has_id_of_image(container, name) else False
    return None


def _is_root_of(stage: Stage) -> bool | None:
    found = image_user(stage)
    if found.is_root is False and found.value is not None:
        return None if has_unknown_id(stage, name_of(found.value)) else False
    return found.is_root


def user_name(container: Container) -> str:
    """Return the part of ``user`` that names the user, without its group."""
    return (container.user.value or "").partition(":")[0]


def is_named_like_root(container: Container) -> bool:
    """Return whether the image gives the ID of root to a user of this name."""
    stage, name = container.stage, user_name(container)
    return bool(stage and name and is_root_by_another_name(stage, name))


def has_id_of_image(container: Container, name: str) -> bool:
    """Return whether the image decides the ID of a user, which may be that of root.

    The account that a known image works as is surely another.
    """
    if not has_unknown_id(container.stage, name):
        return False
    needs = container.image_needs if container.stage is None else None
    account = needs.account if needs is not None else None
    return account is None or account.name != name or account.uid == 0


def has_unknown_id(stage: Stage | None, name: str) -> bool:
    """Return whether the name of a user may have the ID of root, as `toor` has in BSD.

    A name means what the image says, unless a step of its build creates the user.
    """
    if not name or name.lstrip("+-").isdigit():
        return False
    return stage is None or not creates(stage, name) or has_open_id(stage, name)
