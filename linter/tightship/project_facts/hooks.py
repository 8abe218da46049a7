"""The facts about hooks: the commands of a container other than its main one."""

from __future__ import annotations

from tightship.isolation.container import Container
from tightship.lazy import Record
from tightship.model.items import hooks as hooks_of
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, flag, scalar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.items import Hook

_KEYS = ("pre_start", "post_start", "pre_stop", "develop")


class HookFact(Record):
    """A hook of a container."""

    owner: Container
    hook: Hook


def hooks(container: Container) -> Items:
    """Return the hooks of a container, in the order in which they run."""
    made = tuple(
        Facts(HOOK, HookFact(container, one), one.table.span)
        for one in hooks_of(container.settings)
    )
    return Items(container.span, made, not any(map(container.may_have, _KEYS)))


def _container(one: HookFact) -> Facts:
    """Return the container of its own that a `pre_start` hook has; others run in the main one."""
    from tightship.project_facts.services import SERVICE

    span = one.hook.table.span
    if one.hook.kind != "pre_start":
        return Facts(SERVICE, None, span)
    settings = one.owner.settings.holding(one.hook.table)
    return Facts(SERVICE, Container(settings, None, one.owner.siblings), span)


def own_containers(container: Container) -> Iterator[Facts]:
    """Yield the containers of their own that hooks of a service run in."""
    for one in hooks_of(container.settings):
        found = _container(HookFact(container, one))
        if found.source is not None:
            yield found


HOOK = Group(
    "hook",
    "a command that runs next to the main one",
    {
        "kind": Fact(
            "text",
            "`pre_start`, `post_start`, `pre_stop` or `develop.watch`",
            lambda one: Scalar(one.hook.table.span, one.hook.kind),
            words="pre_start post_start pre_stop develop.watch",
        ),
        "privileged": Fact(
            "flag", "whether it gets all capabilities", lambda one: flag(one.hook.privileged)
        ),
        "user": Fact("text", "its user, if it has its own", lambda one: scalar(one.hook.user)),
        "container": Fact(
            "group",
            "the container of its own that a `pre_start` hook runs in",
            _container,
            "service",
        ),
    },
)
