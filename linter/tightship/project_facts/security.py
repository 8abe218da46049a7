"""The facts about what holds a container in: capabilities, profiles, namespaces."""

from __future__ import annotations

from tightship.isolation.namespaces import KEYS
from tightship.model.items import hooks
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Scalar, Texts, flag, maybe, text, unknown
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
            words="own host none default",
        )
        for kind in KEYS
    },
)
