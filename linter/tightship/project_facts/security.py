"""The facts about what holds a container in: capabilities, profiles, namespaces, limits, users."""

from __future__ import annotations

from tightship.frontends.dockerfile.stage import Stage
from tightship.isolation.accounts import keeps_users
from tightship.isolation.base_image import surely_has_user, user_of
from tightship.isolation.first_user import has_unknown_id
from tightship.isolation.namespaces import KEYS
from tightship.isolation.user import image_user, is_app_of_dotnet, name_of, names_root
from tightship.model.items import hooks
from tightship.project_facts.values import (
    Fact,
    Group,
    Scalar,
    Texts,
    argument,
    flag,
    maybe,
    scalar,
    text,
    unknown,
)
from tightship.values import capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.isolation.container import Container
    from tightship.model.setting import Setting


def privileged(container: Container) -> Scalar:
    """Return whether a container is privileged, or a command that Compose runs in it."""
    found = [container.privileged]
    found += [one.privileged for one in hooks(container.settings) if one.kind != "pre_start"]
    for one in found:
        if one.is_surely(True):
            return Scalar(one.span, value=True)
    is_open = not all(one.decided for one in found)
    return unknown(container.span) if is_open else flag(container.privileged)


def capabilities(container: Container) -> Texts:
    """Return the bounding set: what is surely in it, and what may be."""
    found = container.capabilities
    span = found.added.span if found.added.is_set else container.span
    adds, drops = found.added_names, found.dropped_names
    if privileged(container).value is True:
        every = capability.bounding((), (), True)
        return Texts(span, every, every)
    lost = drops if found.dropped.all_decided else (*drops, "ALL")
    is_open = not found.added.all_decided or not privileged(container).known
    possibly = None if is_open else capability.bounding(adds, drops, False, found.default)
    return Texts(span, capability.bounding(adds, lost, False, found.default), possibly)


def profile(name: str, unconfined: str) -> Callable[[Container], Scalar]:
    """Return what reads a profile; a privileged container has none unless it names one."""

    def read(container: Container) -> Scalar:
        found: Setting[str] = getattr(container.security, name)
        privileged = container.privileged
        if found.is_set or not found.decided or not privileged.could_be(True):
            return option(found)
        is_sure = privileged.is_surely(True)
        return Scalar(privileged.span, unconfined) if is_sure else unknown(found.span)

    return read


def calls_filtered(container: Container) -> Scalar:
    """Return whether a profile filters system calls; one that is not read decides nothing."""
    from tightship.isolation.seccomp_profile import SeccompProfile  # few name one

    named = profile("seccomp", "unconfined")(container)
    if not named.known or named.value in (None, "unconfined", "builtin", ""):
        return maybe(named.span, named.value != "unconfined" if named.known else None)
    found = container.seccomp_profile
    if not isinstance(found, SeccompProfile):
        return unknown(named.span)
    return Scalar(named.span, not found.allows_everything)


def option(found: Setting[str]) -> Scalar:
    """Return a part of an option, whose text begins with other words."""
    return Scalar(found.span, found.value) if found.decided else unknown(found.span)


def _namespace(kind: str) -> Callable[[Container], Scalar]:
    def read(container: Container) -> Scalar:
        found = container.namespace(kind)
        if found.owner == "unknown":
            return unknown(found.span)
        if found.service is not None and found.owner == "own":
            return Scalar(found.span, f"service:{found.service}")
        is_left_open = found.setting.surely_absent and kind in ("user", "cgroup")
        return text(found.span, "default" if is_left_open else found.owner)

    return read


NAMESPACES = Group(
    "namespaces",
    "the namespaces of a container",
    {
        kind: Fact(
            "text",
            f"the {kind.upper() if len(kind) == 3 else kind} namespace: `own`, `host`,"
            " `service:NAME`, `container:NAME`"
            + {"network": " or `none`", "user": " or `default`", "cgroup": " or `default`"}.get(
                kind, ""
            ),
            _namespace(kind),
            words="own host none default service: container:",
        )
        for kind in KEYS
    },
)


def limit(name: str) -> Callable[[Container], Scalar]:
    """Return what reads a limit by its name in the model."""
    return lambda container: scalar(getattr(container.limits, name).setting)


def memory_reservation(container: Container) -> Scalar:
    """Return the memory that is reserved, in bytes."""
    own = container.size("mem_reservation")
    if own.is_set or not own.decided:
        return scalar(own)
    return scalar(container.size("deploy", "resources", "reservations", "memory"))


def cpus(container: Container) -> Scalar:
    """Return the processors, as a number; a quota is a part of its period."""
    for path in (("cpus",), ("deploy", "resources", "limits", "cpus")):
        found = container.number(*path)
        if found.is_set or not found.decided:
            return Scalar(found.span, found.value or None, known=found.decided)
    quota = container.number("cpu_quota")
    period = container.number("cpu_period")
    if not quota.decided or not period.decided:
        return unknown(quota.span)
    if quota.value is None or quota.value <= 0:
        return Scalar(quota.span)
    return Scalar(quota.span, quota.value / (period.value or 100_000))


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
