"""Who in a container has its capabilities: its first process, others, or none."""

from __future__ import annotations

from tightship.isolation.capabilities import TAKEOVER
from tightship.lazy import TYPE_CHECKING, regex
from tightship.values import capability

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias

    from tightship.commands.program import Program
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.model.items import Hook

    Hold: TypeAlias = Literal["held", "obtainable", "unobtainable"]


def hold_of(container: Container) -> Hold:
    """Return who in a container has the capabilities of its bounding set.

    They are ``held`` by its first process if that is root, or may be, and by a program to
    which its build gives one that takes over the host as a file capability;
    ``obtainable`` by
    a program with the setuid bit or file capabilities, or by a hook that runs as root;
    and ``unobtainable`` with no-new-privileges, except for `docker exec -u root`.
    """
    if container.starts_as_root is not False:
        return "held"
    if not container.security.no_new_privileges.is_surely(True):
        return "held" if _gives_takeover(container) else "obtainable"
    from tightship.model.items import hooks  # few services have any

    every = hooks(container.settings)
    as_root = any(hold_in(container, hook) == "held" for hook in every)
    return "obtainable" if as_root else "unobtainable"


def _gives_takeover(container: Container) -> bool:
    """Return whether the build gives a program what takes over the host."""
    if container.stage is None or not container.capabilities.bounding & TAKEOVER:
        return False
    given = file_capabilities(container.stage)
    return bool(given & container.capabilities.bounding & TAKEOVER)


def hold_in(container: Container, hook: Hook) -> Hold:
    """Return who has the capabilities of a hook, which may have its own user.

    The command of a hook has no-new-privileges where its container has it (moby 26.1.5,
    daemon/exec_linux.go).
    """
    from tightship.isolation.first_user import is_root_in

    is_root = container.starts_as_root
    if hook.user.value or not hook.user.decided:
        is_root = is_root_in(container, hook.user)
    if is_root is not False:
        return "held"
    no_more = container.security.no_new_privileges.is_surely(True)
    return "unobtainable" if no_more else "obtainable"


# cap_from_text(3): names, an operator, and the sets; a list may be absent, for all.
_CLAUSE = regex(r"([a-z_,]*)[+=][eip]*p[eip]*")


def file_capabilities(stage: Stage) -> frozenset[str]:
    """Return the capabilities that steps of the build give to programs.

    A file keeps them when it is copied from another stage.
    """
    found: set[str] = set()
    for program in _setcap(stage):
        arguments = program.arguments(("-n",))
        if arguments.flag("-r", "-v", "-h"):
            continue
        for word in arguments.operands[::2]:
            for clause in (word.value or "").lower().split():
                match = _CLAUSE.fullmatch(clause)
                names = match[1].split(",") if match else []
                found.update(capability.canonical(name or "all") for name in names)
    return frozenset(capability.ALL_CAPABILITIES if "ALL" in found else found)


def _setcap(stage: Stage) -> Iterator[Program]:
    from tightship.frontends.dockerfile.steps import Run  # most services build nothing

    for one in stage.build.stages:
        for step in one.effective_steps:
            for call in step.calls if isinstance(step, Run) else ():
                if call.program is not None and call.program.name == "setcap":
                    yield call.program
