"""The writable paths of a container with a read-only root file system."""

from __future__ import annotations

import posixpath
from functools import lru_cache
from itertools import islice

from tightship.compose.loading.tree import Items, Leaf, Table
from tightship.compose.volume import volumes
from tightship.values.variable import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.tree import Value
    from tightship.compose.project import Project
    from tightship.compose.service import Service
    from tightship.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.text import Edit

# Programs write here whatever they are for (Filesystem Hierarchy Standard 3.0,
# chapters 3.15 and 3.18).
_DIRECTORIES = ("/tmp", "/run")
# The folder of a config and of a secret without a target (Compose Specification, services).
_FOLDERS = {"configs": "/", "secrets": "/run/secrets/"}
# The most services that share settings, and mounts of each, that are checked.
_MOST = 100


def without_tmpfs(container: Container) -> list[str]:
    """Return which of ``/tmp`` and ``/run`` have no mount in any run.

    Services that share the settings of this one must not have a mount there either. An
    image whose Dockerfile is unknown may have a volume there; then the ``tmpfs`` of the
    service replaces it.
    """
    service = container.service
    targets = [_clean(target) for target in _targets(service, container.stage)]
    for name in (service.name, f"&{service.home.node.anchor}"):
        for other in _sharers(service.project).get(name, ())[:_MOST]:
            theirs = islice(_targets(other, None), _MOST)
            targets += (_clean(target) for target in theirs)
    return [
        directory
        for directory in _DIRECTORIES
        if not any(_may_cover(target, directory) for target in targets)
    ]


def mount_tmpfs(container: Container, directories: list[str]) -> tuple[Edit, ...]:
    """Return the edit that adds these to the ``tmpfs`` of a service."""
    return container.service.add("tmpfs", *directories) if directories else ()


def needs_writable_root(container: Container) -> bool:
    """Return whether Compose copies files into the container.

    It does so with configs and secrets that are no files of the host, and cannot if the
    root file system is read-only (docker/compose, pkg/compose/secrets.go).
    """
    service = container.service
    return any(
        service.project.text(section, source, key) is not None
        for section in _FOLDERS
        for source, _ in _granted(service, section)
        for key in ("content", "environment")
    )


@lru_cache(maxsize=1)
def _sharers(project: Project) -> dict[str, list[Service]]:
    """Return the services that share the settings of one, by its name or its anchor."""
    found: dict[str, list[Service]] = {}
    for service in project.services.values():
        steps = (
            step for e in service.table.entries.values() for step in e.value.provenance
        )
        names = {
            step.name if step.kind == "extends" else f"&{step.name}"
            for step in steps
            if step.kind in ("extends", "merge")
        }
        for name in names:
            found.setdefault(name, []).append(service)
    return found


def _targets(service: Service, stage: Stage | None) -> Iterator[str]:
    """Yield the targets of mounts; variables without a value are masked."""
    for volume in volumes(service):
        if isinstance(volume.value, Table):
            target = volume.value.get("target") or volume.value.get("dst")
            yield mask(target.text) if isinstance(target, Leaf) else "\0"
        else:
            yield mask(volume.target)
    written = service.value("tmpfs")
    for item in written.items if isinstance(written, Items) else [written]:
        if isinstance(item, Leaf):
            yield mask(item.text).partition(":")[0]
    if service.value("volumes_from") is not None:
        yield "\0"
    for section, folder in _FOLDERS.items():
        for source, place in _granted(service, section):
            yield posixpath.join(folder, mask(place or source))
    if stage is not None:
        for argument in stage.volumes:
            yield mask(argument.text)


def _granted(service: Service, section: str) -> Iterator[tuple[str, str | None]]:
    """Yield name and target of each config or secret that the service gets."""
    for item in service.items(section):
        source: Value | None = item
        target: Value | None = None
        if isinstance(item, Table):
            source, target = item.get("source"), item.get("target")
        if isinstance(source, Leaf):
            yield source.text, target.text if isinstance(target, Leaf) else None


def _clean(target: str) -> str:
    path = posixpath.normpath("/" + target).replace("//", "/")
    # It is a link to `/run` in nearly every image.
    return path.removeprefix("/var") if (path + "/").startswith("/var/run/") else path


def _may_cover(target: str, directory: str) -> bool:
    """Return whether a mount may be at a directory, or at one that it lies in."""
    known, hole, _ = target.partition("\0")
    if hole:
        return directory.startswith(known)
    return directory == target or directory.startswith(target.rstrip("/") + "/")
