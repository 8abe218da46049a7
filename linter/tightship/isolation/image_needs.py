"""From a container to the needs of its image."""

from __future__ import annotations

import posixpath

from tightship.isolation.user import names_root
from tightship.model.value import ScalarValue, SequenceValue
from tightship.values.hole import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.images.conditions import Start
    from tightship.images.facts import ImageFamily
    from tightship.images.needs import Needs
    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.model.value import Value
    from tightship.values.image import Image

# The most volumes of a service that are looked at.
_MOST = 100
# Folders of the host whose files are root's.
_OF_ROOT = ("/dev/", "/etc/", "/lib/", "/proc", "/run/", "/sys", "/usr/", "/var/run/")


def image_needs(container: Container) -> Needs | None:
    """Return the needs of a container's image, be it pulled or built.

    An image that the project builds inherits the facts about its base image, unless it
    has its own ENTRYPOINT, or changes what that of the base image does.
    """
    image, stage = container.pulled_image, container.stage
    if stage is not None:
        image = stage.image
    family = container.find_family(image) if image is not None else None
    if stage is not None and stage.entrypoint is not None and family is not None:
        started = stage.entrypoint.is_exec_form and _starts(family, stage.entrypoint.exec_words)
        family = family if started or family.programs == () else None
    if stage is not None and family is not None and family.programs != ():
        from tightship.isolation.added_files import may_change_start

        if may_change_start(stage):
            return None
    if stage is None and image is not None and family and family.programs == ():
        from tightship.isolation.built_image_needs import base_stage, built_family

        # What a base image runs is the project's own, as in one that it builds.
        made = base_stage(image)
        family = (built_family(container, made) if made else None) or family
    elif stage is not None and (family is None or family.programs == ()):
        from tightship.isolation.built_image_needs import built_family

        image, family = stage.image, built_family(container, stage)
    if family is None:
        return None
    from tightship.images.needs import Needs

    return Needs(family, start_of(container, image, family))


def start_of(container: Container, image: Image | None, family: ImageFamily) -> Start:
    """Return the start of a container, as the facts about its image are asked about it."""
    from tightship.images.conditions import Start
    from tightship.images.lookup import known_tag

    environment = {
        name: pair.value.value if pair.value.decided else None
        for name, pair in container.environment.items()
    }
    entrypoint = container.value("entrypoint")
    replaced = entrypoint is not None
    if isinstance(entrypoint, ScalarValue):
        replaced = not entrypoint.is_null
    tag = known_tag(image) if image is not None else ""
    return Start(
        tag,
        _is_root(container, tag, family),
        environment,
        more_environment=any(file.source is None for file in container.env_files),
        command=_command(container),
        # What is known of an image of the project holds for any entrypoint.
        entrypoint_replaced=replaced
        and family.names != ()
        and not _starts(family, words_of(entrypoint)),
        targets=_targets(container.settings),
        host_folders=_mounts_host_folders(container.settings),
        added=_added(container),
    )


def _added(container: Container) -> tuple[str, ...]:
    if container.stage is None:
        return ()
    from tightship.isolation.added_files import added_paths

    paths = added_paths(container.stage)
    return ("/",) if paths is None else paths


def _targets(service: ContainerSettings) -> tuple[str, ...] | None:
    """Return the paths of volumes and tmpfs, or ``None`` where a variable decides one."""
    # Configs are mounted, too, at paths that are not compared here.
    if any(service.value(key) is not None for key in ("volumes_from", "configs")):
        return None
    found = service.volumes[:_MOST]
    if any("target" in volume.undecided for volume in found):
        return None
    # A variable in the options leaves the path decided.
    tmpfs = [
        mask(item.source.text).partition(":")[0]
        for item in service.texts("tmpfs").items
        if isinstance(item.source, ScalarValue)
    ]
    if any("\0" in path for path in tmpfs):
        return None
    paths = (*(volume.target for volume in found), *tmpfs)
    return tuple(posixpath.normpath(f"/{path}").replace("//", "/") for path in paths)


def _mounts_host_folders(service: ContainerSettings) -> bool | None:
    """Return whether files are mounted that may belong to anybody.

    They are the host's, or another service's.
    """
    kinds = dict.fromkeys(
        volume.kind
        for volume in service.volumes[:_MOST]
        if not (volume.source or "").startswith(_OF_ROOT)
    )
    if "bind" in kinds or any(_is_shared(service, one) for one in service.volumes):
        return True
    undecided = "unknown" in kinds or service.value("volumes_from") is not None
    return None if undecided else False


def _is_shared(service: ContainerSettings, volume: Volume) -> bool:
    """Return whether another service, or another project, may write to a named volume."""
    name = volume.source
    if volume.kind != "volume" or not name:
        return False
    if service.project.text("volumes", name, "external") is not None:
        return True
    return any(one != service.name for one in service.project.mounting.get(name, ()))


def _is_root(container: Container, tag: str | None, family: ImageFamily) -> bool | None:
    """Return whether the entrypoint runs as root: by ``user:``, or by the image's USER."""
    stage, user = container.stage, container.user
    if stage is not None and stage.user is not None:
        from tightship.isolation.built_image_needs import is_first_user_root

        return is_first_user_root(container, stage)
    if not user.decided:
        return None
    if user.value:
        return names_root(user.value)
    from tightship.images.conditions import Start
    from tightship.images.needs import Needs

    fact = Needs(family, Start(tag)).user
    return names_root(fact.name) if fact else None


def _starts(family: ImageFamily, entrypoint: tuple[str, ...] | None) -> bool:
    """Return whether an entrypoint is a program that the facts hold for."""
    if family.needs_entrypoint or not entrypoint:
        return False
    return posixpath.basename(entrypoint[0]) in (family.programs or ())


def _command(container: Container) -> tuple[str, ...] | None:
    """Return the words of the command, holes included; ``None`` for the image's own.

    An entrypoint of the project's own comes first. Compose drops the CMD of the image
    where it replaces the entrypoint.
    """
    service, stage = container.settings, container.stage
    written = service.value("entrypoint")
    first = words_of(written)
    replaced = first is not None
    if not replaced and stage is not None and stage.entrypoint is not None:
        first = stage.entrypoint.exec_words
    words = words_of(service.value("command"))
    if words is None and stage is not None and stage.command is not None:
        words = None if replaced else stage.command.words
    if first is None:
        return words
    return (*first, *(words or ()))


def words_of(value: Value | None) -> tuple[str, ...] | None:
    """Return the words of ``command`` or ``entrypoint``; a variable is ``$``."""
    if isinstance(value, SequenceValue):
        return tuple(i.text if isinstance(i, ScalarValue) else "$" for i in value.items)
    if isinstance(value, ScalarValue) and not value.is_null:
        from tightship.values.shell_words import split

        words = split(value.text)
        return tuple(words) if words is not None else ("$",)
    return None
