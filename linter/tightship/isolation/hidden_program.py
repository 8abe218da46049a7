"""Named volumes over the program that a Dockerfile copies into its image."""

from __future__ import annotations

import posixpath

from tightship.frontends.dockerfile.steps import Copy, Workdir
from tightship.isolation.added_files import absolute_path
from tightship.isolation.writable_paths import clean, covers
from tightship.model.value import MappingValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.model.items import Volume

_CONTEXT = frozenset((".", "./", "/"))
# Folders that are there to be kept, whatever an image has in them at first.
_FOR_DATA = frozenset((
    *("backup", "backups", "cache", "certs", "config", "data", "database", "db", "files", "logs"),
    *("media", "public", "shared", "state", "static", "storage", "store", "uploads", "workspace"),
))  # fmt: skip
_OF_STATE = ("/var/lib/", "/var/log/", "/var/cache/", "/var/spool/", "/var/opt/", "/mnt/")

_OF_DRIVER = ("type", "o", "device", "share")


def hidden_program(container: Container) -> Iterator[tuple[Volume, Copy]]:
    """Yield the named volumes that hide the program of an image, each with the COPY of it.

    It is the whole build context, in the working directory: less may be data for a start.
    """
    named = [one for one in container.volumes if one.kind == "volume" and not one.undecided]
    if not named or container.stage is None:
        return
    program = _program(container.stage)
    if program is None:
        return
    copy, path = program
    for volume in named:
        target = clean(volume.target)
        between = (
            one.undecided or (covers(target, other) and covers(other, path))
            for one in container.volumes
            if one is not volume
            for other in (clean(one.target),)
        )
        if covers(target, path) and _is_filled(container, volume) and not any(between):
            yield volume, copy


def _program(stage: Stage) -> tuple[Copy, str] | None:
    """Return the COPY of the build context into the last working directory, and this folder."""
    workdir = stage.last(Workdir)
    if workdir is None or workdir.value is None or not workdir.value.decided:
        return None
    folder = absolute_path(workdir.value.text, workdir)
    name = posixpath.basename(folder or "/")
    if not folder or not name or name in _FOR_DATA or f"{folder}/".startswith(_OF_STATE):
        return None
    for step in stage.every(Copy):
        target = step.destination
        if step.origin is not None or target is None or not target.decided:
            continue
        is_whole = any(one.text in _CONTEXT for one in step.sources)
        if is_whole and absolute_path(target.text, step) == folder:
            return step, folder
    return None


def _is_filled(container: Container, volume: Volume) -> bool:
    """Return whether the engine fills a new volume with the files of the image."""
    value, name = volume.value, volume.source or ""
    if volume.read_only or "nocopy" in volume.options:
        return False
    if isinstance(value, MappingValue) and value.get("volume", "nocopy") is not None:
        return False
    settings = (("driver",), ("external",), *(("driver_opts", one) for one in _OF_DRIVER))
    return all(container.project.text("volumes", name, *one) is None for one in settings)
