"""The needs of an image that the project builds, from its Dockerfile and its scripts."""

from __future__ import annotations

from tightship.dockerfile.steps import Run
from tightship.images import facts
from tightship.images.conditions import CONFIGURED
from tightship.images.family import Family
from tightship.images.lookup import find
from tightship.isolation.entrypoint_script import Startup
from tightship.isolation.unprivileged_writes import unprivileged_writes
from tightship.isolation.user import image_user, is_surely_another, is_surely_root
from tightship.values.exposed_port import exposed_ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
_MAY_WRITE = "the user of its processes may write there"


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
    is_root = is_first_user_root(container, stage)
    names = _capabilities(stage, startup, is_root)
    writes = unprivileged_writes(container, stage) if is_root is False else None
    source = facts.derived(f"{stage.build.source.name}, its entrypoint")
    return Family(
        (),
        "an image of this project",
        holds_for="this Dockerfile",
        capabilities=None
        if names is None
        else tuple(facts.Capability(name, _REASONS[name], source) for name in names),
        ports=tuple(_ports(stage, source)),
        volumes=_volumes(stage, source),
        # What it runs may be a file that it has unpacked there.
        writes=None
        if writes is None
        else tuple(
            facts.Write(path, _MAY_WRITE, source, CONFIGURED, options=("exec",))
            for path in writes
        ),
        read_only=None if writes is None else (facts.ReadOnly(True, source),),
        new_privileges=_new_privileges(startup.gains_privileges, source),
    )


def _ports(stage: Stage, source: Source) -> Iterator[facts.Port]:
    """Yield the ports of EXPOSE, of a range the first one."""
    for argument in stage.exposed:
        for port in exposed_ports(argument.text) if argument.decided else ():
            yield facts.Port(
                port.first, "what EXPOSE says", source, protocol=port.protocol
            )


def _volumes(stage: Stage, source: Source) -> tuple[facts.Volume, ...] | None:
    """Return the VOLUMEs of the Dockerfile; known base images declare none."""
    if any(not argument.decided for argument in stage.volumes):
        return None
    return tuple(facts.Volume(argument.text, source) for argument in stage.volumes)


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
