"""The writable paths of a container with a read-only root file system."""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.images.facts import Write
    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.value import Value
    from tightship.text import Edit

# The folder of a config and of a secret without a target (Compose Specification, services).
_FOLDERS = {"configs": "/", "secrets": "/run/secrets/"}
# The most mounts of a service that are compared.
_MOST = 100
# A tmpfs takes the mode of the folder that it hides: here, everybody may write.
_FOR_EVERYBODY = ("/tmp", "/var/tmp")


class WritablePaths(Record):
    """The mounts that a container needs with a read-only root file system.

    ``tmpfs`` are items of that key, and ``data`` the paths whose content has to stay.
    """

    tmpfs: Sequence[str]
    data: Sequence[str]

    @property
    def paths(self) -> list[str]:
        """Return all paths."""
        return [*(item.partition(":")[0] for item in self.tmpfs), *self.data]


def missing_writable_paths(containers: Sequence[Container] | None) -> WritablePaths | None:
    """Return the mounts that containers lack, or ``None`` where that is unknown.

    Several containers share the settings to which the mounts are added. What only some
    of them have mounted cannot be added to all: Docker rejects two mounts on one path.
    """
    if containers is None:
        return None
    written: dict[str, tuple[Write, Container]] = {}
    for container in containers:
        writes = _writes(container)
        if writes is None:
            return None
        for write in writes:
            written.setdefault(write.path, (write, container))
    targets = [[clean(target) for target in mount_targets(container)] for container in containers]
    tmpfs: list[str] = []
    data: list[str] = []
    for path, (write, container) in written.items():
        covered = [any(_may_cover(t, clean(path)) for t in own) for own in targets]
        if all(covered):
            continue
        if any(covered):
            return None
        if write.kind == "data":
            data.append(path)
        else:
            tmpfs.append(tmpfs_item(write, container))
    return WritablePaths(tmpfs, data)


def _writes(container: Container) -> list[Write] | None:
    """Return the paths that a container writes outside of its image's volumes."""
    needs = container.image_needs
    if needs is None or needs.read_only is None or not needs.read_only.works:
        return None
    writes, image_volumes = needs.writes, needs.volumes
    if writes is None or image_volumes is None:
        return None
    # Only patches ask.
    from tightship.isolation.needed_capabilities import why_root_is_written
    from tightship.isolation.own_paths import own_paths

    if why_root_is_written(container):
        return None
    own = own_paths(container, needs)
    if own.unwritable is not None:
        return None
    volumes = [clean(volume.path) for volume in image_volumes]
    return [
        write
        for write in (*writes, *own.writes)
        if not write.optional
        and not any(_may_cover(volume, clean(write.path)) for volume in volumes)
    ]


def unwritable_paths(container: Container) -> list[Write]:
    """Return the paths that an image surely writes and that surely are not mounted."""
    needs = container.image_needs
    image_volumes = needs.volumes if needs is not None else None
    if needs is None or image_volumes is None:
        return []
    targets = [clean(target) for target in mount_targets(container)]
    targets += [clean(volume.path) for volume in image_volumes]
    return [
        write
        for write in needs.certain_writes
        if not any(_may_cover(target, clean(write.path)) for target in targets)
    ]


def is_written(container: Container, target: str) -> bool:
    """Return whether the image is known to write to a path, or to one above or below it."""
    needs = container.image_needs
    if needs is None:
        return False
    paths = [clean(write.path) for write in needs.writes or ()]
    paths += [clean(volume.path) for volume in needs.volumes or ()]
    at = clean(mask(target))
    return any(_may_cover(path, at) or _may_cover(at, path) for path in paths)


def mount(container: Container, missing: WritablePaths) -> tuple[Edit, ...] | None:
    """Return the edits that add these mounts to a service, or ``None``."""
    made = [container.editor.add("tmpfs", *missing.tmpfs)] if missing.tmpfs else []
    if missing.data:
        named = {
            f"{container.name}-{posixpath.basename(path).lstrip('.')}": path
            for path in missing.data
        }
        if len(named) < len(missing.data):
            return None
        made.append(container.editor.mount_named_volumes(named))
    return tuple(edit for edits in made for edit in edits) if all(made) else None


def needs_writable_root(container: Container) -> bool:
    """Return whether Compose copies files into the container.

    It does so with configs and secrets that are no files of the host, and cannot if the
    root file system is read-only (docker/compose, pkg/compose/secrets.go).
    """
    return any(
        container.project.text(section, source, key) is not None
        for section in _FOLDERS
        for source, _ in _granted(container.settings, section)
        for key in ("content", "environment")
    )


def tmpfs_item(write: Write, container: Container) -> str:
    """Return the item of ``tmpfs`` for a path.

    A tmpfs belongs to root, with the mode of the folder that it hides. Another user than
    the image's own writes there only if everybody may.
    """
    options = list(write.options)
    user = container.user
    another = not user.decided or user.value not in (None, "", "root", "0")
    if container.stage is not None and container.stage.user is not None:
        another = True
    if another and write.path not in _FOR_EVERYBODY:
        options = [o for o in options if o.partition("=")[0] not in ("uid", "gid", "mode")]
        options.append("mode=1777")
    return ":".join((write.path, ",".join(options))) if options else write.path


def mount_targets(container: Container) -> Iterator[str]:
    r"""Yield the targets of mounts, in which ``\0`` is a variable without a value."""
    for volume in container.volumes[:_MOST]:
        if isinstance(volume.value, MappingValue):
            target = volume.value.get("target") or volume.value.get("dst")
            yield mask(target.text) if isinstance(target, ScalarValue) else "\0"
        else:
            yield mask(volume.target)
    written = container.value("tmpfs")
    for item in written.items if isinstance(written, SequenceValue) else [written]:
        if isinstance(item, ScalarValue):
            yield mask(item.text).partition(":")[0]
    if container.value("volumes_from") is not None:
        yield "\0"
    for section, folder in _FOLDERS.items():
        for source, place in _granted(container.settings, section):
            yield posixpath.join(folder, mask(place or source))
    if container.stage is not None:
        for argument in container.stage.volumes:
            yield mask(argument.text)


def _granted(service: ContainerSettings, section: str) -> Iterator[tuple[str, str | None]]:
    """Yield name and target of each config or secret that the service gets."""
    for item in service.items(section):
        source: Value | None = item
        target: Value | None = None
        if isinstance(item, MappingValue):
            source, target = item.get("source"), item.get("target")
        if isinstance(source, ScalarValue):
            yield source.text, target.text if isinstance(target, ScalarValue) else None


def clean(target: str) -> str:
    """Return the absolute path of a target, without links that nearly every image has."""
    path = posixpath.normpath("/" + target).replace("//", "/")
    # It is a link to `/run` in nearly every image.
    return path.removeprefix("/var") if (path + "/").startswith("/var/run/") else path


def _may_cover(target: str, directory: str) -> bool:
    """Return whether a mount may be at a directory, or at one that it lies in."""
    known, hole, _ = target.partition("\0")
    if hole:
        return directory.startswith(known)
    return covers(target, directory)


def covers(target: str, directory: str) -> bool:
    """Return whether a directory is the target of a mount, or lies in it."""
    return directory == target or directory.startswith(target.rstrip("/") + "/")
