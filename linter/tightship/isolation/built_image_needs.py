"""The needs of an image that the project builds, from its Dockerfile and its scripts."""

from __future__ import annotations

from tightship.dockerfile.steps import Run
from tightship.images import facts
from tightship.images.family import Family
from tightship.images.lookup import find
from tightship.isolation.entrypoint_script import Startup
from tightship.isolation.user import image_user, is_surely_another, is_surely_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.dockerfile.stage import Stage
    from tightship.images.facts import Source
    from tightship.isolation.container import Container

_REASONS = {
    "CHOWN": "the entrypoint changes owners",
    "DAC_OVERRIDE": "the entrypoint writes to folders of other users",
    "FOWNER": "the entrypoint changes the modes of files of other users",
    "SETGID": "the entrypoint switches the group",
    "SETUID": "the entrypoint switches the user",
}


def built_family(container: Container, stage: Stage) -> Family | None:
    """Return the facts about an image that its Dockerfile implies.

    They hold for its own ENTRYPOINT and CMD, where the base image is known to bring
    nothing that needs a capability, and where the first process is surely root or surely
    another user.
    """
    base, service = stage.image, container.service
    if stage.entrypoint is None and stage.command is None:
        return None
    if not stage.is_from_scratch and (base is None or find(base) is None):
        return None
    if service.value("entrypoint") is not None or service.value("command") is not None:
        return None
    startup = Startup(stage)
    names = _capabilities(stage, startup, is_first_user_root(container, stage))
    source = facts.derived(f"{stage.build.source.name}, its entrypoint")
    return Family(
        (),
        "an image of this project",
        holds_for="this Dockerfile",
        capabilities=None
        if names is None
        else tuple(facts.Capability(name, _REASONS[name], source) for name in names),
        new_privileges=_new_privileges(startup.gains_privileges, source),
    )


def is_first_user_root(container: Container, stage: Stage) -> bool | None:
    """Return whether the first process is root, by ``user:`` or by the image's USER."""
    if is_surely_root(container.user):
        return True
    if is_surely_another(container.user):
        return False
    return image_user(stage).is_root if container.user.surely_absent else None


def _new_privileges(
    gains: bool | None, source: Source
) -> tuple[facts.NewPrivileges, ...] | None:
    if gains is None:
        return None
    why = "its entrypoint calls a setuid program" if gains else ""
    return (facts.NewPrivileges(gains, source, why=why),)


def _capabilities(
    stage: Stage, startup: Startup, is_root: bool | None
) -> tuple[str, ...] | None:
    """Return the capabilities that are needed, or ``None``."""
    if is_root is None or _sets_file_capabilities(stage):
        return None
    if is_root:
        return startup.capabilities_as_root
    # Another user has none of the container's capabilities (capabilities(7), execve).
    return None if startup.gains_privileges else ()


def _sets_file_capabilities(stage: Stage) -> bool:
    """Return whether a step of the build may give capabilities to a program.

    A file keeps them when it is copied from another stage.
    """
    return any(
        call.program is not None and call.program.name == "setcap"
        for one in stage.build.stages
        for step in one.effective_steps
        if isinstance(step, Run)
        for call in step.calls
    )
