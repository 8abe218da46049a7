"""The needs of an image that the project builds, from its Dockerfile and its scripts."""

from __future__ import annotations

from tightship.images import facts
from tightship.images.conditions import CONFIGURED, Start
from tightship.images.lookup import known_tag
from tightship.images.needs import Needs
from tightship.isolation.entrypoint_script import Startup
from tightship.isolation.needed_limits import OF_EVERY_JVM
from tightship.isolation.privileged_programs import privileged_program
from tightship.isolation.root_steps import REASONS
from tightship.isolation.unprivileged_writes import unprivileged_writes
from tightship.isolation.user import image_user, is_surely_another, is_surely_root, names_root
from tightship.model.value import ScalarValue, SequenceValue
from tightship.text import Source
from tightship.values.port import exposed_ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.values.image import Image

_TIMES_HEAP = 3
_MAY_WRITE = "the user of its processes may write there"


def built_family(container: Container, stage: Stage) -> facts.ImageFamily | None:
    """Return the facts about an image that its Dockerfile implies.

    They hold for any command, where the base image is known to bring nothing that needs a
    capability, and where the first process is surely root or surely another user.
    """
    base, service = stage.image, container.settings
    if not stage.is_from_scratch and (base is None or container.find_family(base) is None):
        return None
    startup = _startup(service, stage)
    is_root = is_first_user_root(container, stage)
    gains = gains_privileges(stage, startup, is_root=is_root)
    # A program that gains privileges writes where its user cannot.
    writes = None
    if is_root is False and gains is False:
        writes = unprivileged_writes(container, stage)
    source = facts.derived(f"{stage.build.source.name}, its entrypoint")
    known = container.find_family(base) if container.stage is None and base is not None else None
    sized = tuple(heaps(startup, source))
    return facts.ImageFamily(
        (),
        "an image of this project",
        holds_for="this Dockerfile",
        user=known.user if known is not None else None,
        accounts=known.accounts if known is not None else None,
        capabilities=_capabilities(startup, is_root, gains, source),
        ports=tuple(_ports(stage, source)),
        volumes=_volumes(stage, source),
        writes=None if writes is None else _writes(writes, source),
        read_only=None if writes is None else (facts.ReadOnly(source, (), works=True),),
        new_privileges=_new_privileges(gains, source),
        heap=sized,
        memory=machine_memory(source) if sized else None,
    )


def _startup(service: ContainerSettings, stage: Stage) -> Startup:
    """Return what runs at the start of a service."""
    first, words = command_words(service, "entrypoint"), command_words(service, "command")
    if first is not None:
        # Compose drops the CMD of an image whose entrypoint it replaces.
        words = (*first, *(words or ()))
    return Startup(stage, words, replaces_entrypoint=first is not None)


def command_words(service: ContainerSettings, key: str) -> tuple[str, ...] | None:
    """Return the words of ``command`` or ``entrypoint``, or ``None`` without one."""
    value = service.value(key)
    if isinstance(value, SequenceValue):
        return tuple(one.text for one in value.items if isinstance(one, ScalarValue))
    if isinstance(value, ScalarValue) and not value.is_null:
        from tightship.values.shell_words import split  # most are lists

        return tuple(split(value.text) or ())
    return None


def base_stage(image: Image) -> Stage | None:
    """Return the stage of an image that is a base image, as if FROM were all of it."""
    from tightship.frontends.dockerfile.build import Build
    from tightship.syntax.dockerfile.read import read

    name = f"{image.familiar}:{image.tag}" if image.tag else image.familiar
    return Build(read(Source(name, f"FROM {name}\n"))).target()


def gains_privileges(stage: Stage, startup: Startup, *, is_root: bool | None) -> bool | None:
    """Return whether its processes gain privileges; ``None`` where that is unknown.

    They do if a setuid program is called, and cannot where the image holds none.
    """
    if startup.gains_privileges(is_root=is_root):
        return True
    return None if privileged_program(stage) is not None else False


def why_undecided(container: Container) -> str:
    """Return why the needs of an image of the project are undecided, if a step tells."""
    stage = container.stage
    found = privileged_program(stage) if stage is not None else None
    if found is None:
        return ""
    line, _ = found.place.source.point(found.place.start)
    unknown = ", and it is not known whether the service uses it" if found.certain else ""
    return f"{found.what}{unknown} ({found.place.source.name}:{line + 1})"


def _ports(stage: Stage, source: facts.Source) -> Iterator[facts.Port]:
    """Yield the ports of EXPOSE, of a range the first one."""
    for argument in stage.exposed:
        for port in exposed_ports(argument.text) if argument.decided else ():
            yield facts.Port(source, (), port.first, "what EXPOSE says", port.protocol)


def _volumes(stage: Stage, source: facts.Source) -> tuple[facts.Volume, ...] | None:
    """Return the VOLUMEs of the Dockerfile; known base images declare none."""
    if any(not argument.decided for argument in stage.volumes):
        return None
    return tuple(facts.Volume(source, (), argument.text) for argument in stage.volumes)


def is_first_user_root(container: Container, stage: Stage) -> bool | None:
    """Return whether the first process is root, by ``user:`` or by the image's USER."""
    if is_surely_root(container.user):
        return True
    if is_surely_another(container.user):
        return False
    if not container.user.surely_absent:
        return None
    found, base = image_user(stage), stage.image
    if found.is_root is None and found.value is None and base is not None:
        family, tag = container.find_family(base), known_tag(base)
        fact = Needs(family, Start(tag)).user if family is not None else None
        return names_root(fact.name) if fact is not None else None
    return found.is_root


def heaps(startup: Startup, source: facts.Source) -> Iterator[facts.Heap]:
    """Yield the settings that bound the heap, if a Java virtual machine is all that runs.

    Beside it are buffers, as large as the heap by default, classes and threads.
    """
    started = [call.program for call in startup.calls]
    others = ("-XX:MaxDirectMemorySize", "-XX:MaxMetaspaceSize")
    if (
        len(started) == 1
        and started[0] is not None
        and started[0].name == "java"
        and not any(word.head.startswith(others) for word in started[0].words)
    ):
        yield facts.Heap(source, (), flag="-Xmx", times=_TIMES_HEAP)
        for variable in OF_EVERY_JVM:
            yield facts.Heap(source, (), variable, "-Xmx", times=_TIMES_HEAP)


def machine_memory(source: facts.Source) -> tuple[facts.Memory, ...]:
    """Return what a Java virtual machine needs with the smallest heap."""
    return (facts.Memory(source, (), floor="64m"),)


def _new_privileges(
    gains: bool | None, source: facts.Source
) -> tuple[facts.NewPrivileges, ...] | None:
    if gains is None:
        return None
    why = "its entrypoint calls a setuid program" if gains else ""
    return (facts.NewPrivileges(source, (), gains, why),)


def _writes(places: Mapping[str, facts.Kind], source: facts.Source) -> tuple[facts.Write, ...]:
    """Return where it writes; what it runs may be a file that it has unpacked there."""
    return tuple(
        facts.Write(
            *(source, (CONFIGURED,), path, _MAY_WRITE, kind),
            options=("exec",) if kind == "run" and not path.startswith("/run/") else (),
        )
        for path, kind in places.items()
    )


def _capabilities(
    startup: Startup, is_root: bool | None, gains: bool | None, source: facts.Source
) -> tuple[facts.Capability, ...] | None:
    """Return the capabilities that are needed, or ``None``."""
    if is_root is None or gains is not False:
        return None
    # Another user has none of the container's capabilities (capabilities(7), execve).
    names = startup.capabilities_as_root if is_root else ()
    if names is None:
        return None
    return tuple(facts.Capability(source, (), name, REASONS[name]) for name in names)
