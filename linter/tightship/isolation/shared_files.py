"""Files that containers share: volumes, paths of the host, secrets and configs."""

from __future__ import annotations

import posixpath

from tightship.isolation.connection import Connection, Node
from tightship.isolation.host_path import HostPath
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.text import Span

# The most services that the ``volumes_from`` of one service visits, and the most entries
# of each: bounds for hostile files.
_VISITS = 8
_ENTRIES = 100
# The most folders above a path in which another mount is looked for.
_DEPTH = 20
# Sockets and clocks are no files that one writes and another one reads, and what every
# host has is written by none of them.
_NO_FILES = frozenset((HostPath.CONTROL_SOCKET, HostPath.CLOCK, HostPath.TIME_AND_CERTIFICATES))

_SUBPATH = ("volume", "subpath")
_FROM_CONTAINER = "container:"


class _User(Record):
    """One container that mounts something; ``writes`` is none where only a run tells."""

    node: Node
    span: Span
    writes: bool | None


def shared_files(containers: Sequence[Container]) -> Iterator[Connection]:
    """Yield the connections by what several containers mount, and by what each gets."""
    yield from _volumes(containers)
    yield from _host_paths(containers)
    yield from _grants(containers, "secrets")
    yield from _grants(containers, "configs")


def unknown_files(containers: Sequence[Container]) -> dict[str, str]:
    """Return, by service, why it may share more files than the connections say."""
    return {
        container.name: container.settings.worded(
            f"`volumes_from` of `{container.name}` names a container outside of the project"
        )
        for container in containers
        for item in container.texts("volumes_from").items
        if (item.value or "").startswith(_FROM_CONTAINER)
    }


def _volumes(containers: Sequence[Container]) -> Iterator[Connection]:
    users: dict[str, list[_User]] = {}
    for container in containers:
        node = Node("service", container.name)
        for name, span, volume in _mounted(container.settings):
            users.setdefault(name, []).append(_User(node, span, writes=_writes(volume)))
    for name, found in users.items():
        above = [one for folder in _above(name) for one in users.get(folder, ())]
        yield from _shared("volume", name, [*found, *above])


def _mounted(service: ContainerSettings) -> Iterator[tuple[str, Span, Volume]]:
    """Yield the volumes of a service by name, with those of ``volumes_from``."""
    seen, todo = {service.name}, [(service, service.span)]
    taken: set[str] = set()
    # The loop visits appended items too.
    for one, place in todo:
        own: dict[str, Volume] = {}
        for volume in one.volumes[: _ENTRIES if one is not service else None]:
            own[posixpath.normpath(volume.target)] = volume
        for target, volume in own.items():
            name = _name(one, volume, target)
            if name and target not in taken:
                yield name, volume.span if one is service else place, volume
        taken |= own.keys()
        for item in one.texts("volumes_from").items:
            other = one.project.services.get((item.value or "").partition(":")[0])
            if other is not None and other.name not in seen and len(seen) <= _VISITS:
                seen.add(other.name)
                todo.append((other, item.span if one is service else place))


def _name(service: ContainerSettings, volume: Volume, target: str) -> str:
    """Return the name of a volume: the same for the same volume, empty for no volume.

    A folder of a volume (``subpath``) follows behind a slash.
    """
    if volume.kind == "anonymous":
        return f"{service.name}:{target}"
    if volume.kind == "unknown":
        return volume.source or ""  # One variable has one value in a project.
    if volume.kind != "volume" or volume.source is None:
        return ""
    # Two keys may be one volume of the daemon.
    real = service.project.text("volumes", volume.source, "name")
    name = real.text if real is not None else volume.source
    part = volume.value.get(*_SUBPATH) if isinstance(volume.value, MappingValue) else None
    if not isinstance(part, ScalarValue) or not part.decided:
        return name
    return posixpath.normpath(f"{name}/{part.text}")


def _host_paths(containers: Sequence[Container]) -> Iterator[Connection]:
    """Yield the paths of the host that a container gets, and those that several share.

    Two share a path also where one of them mounts a folder above it.
    """
    users: dict[str, list[_User]] = {}
    for container in containers:
        node = Node("service", container.name)
        got: dict[Node, tuple[Span, str]] = {}
        for mount in container.mounts:
            if mount.host in _NO_FILES or mount.file_system:
                continue
            writes = True if mount.writable else False if mount.read_only else None
            users.setdefault(mount.path, []).append(_User(node, mount.span, writes=writes))
            note = {True: "writable", False: "read-only", None: ""}[writes]
            got[Node("host path", mount.path)] = (mount.span, note)
        for target, (span, note) in got.items():
            yield Connection(
                "host path",
                target.name,
                [node],
                [target],
                places={target: span},
                notes={target: note},
                leads_on=False,
            )
    for path, found in users.items():
        above = [one for folder in _above(path) for one in users.get(folder, ())]
        yield from _shared("host path", path, [*found, *above])


def _above(path: str) -> Iterator[str]:
    for _ in range(_DEPTH):
        folder = posixpath.dirname(path)
        if not folder or folder == path:
            return
        yield folder
        path = folder


def _shared(
    kind: Literal["volume", "host path"], name: str, users: Sequence[_User]
) -> Iterator[Connection]:
    """Yield what users of the same files reach of one another.

    Who writes reaches all others; who only reads, reads what the writers wrote.
    """
    by_node: dict[Node, _User] = {}
    for one in users:
        known = by_node.get(one.node)
        # Of several mounts of one container, the one that writes counts.
        if known is None or (known.writes is not True and one.writes is not False):
            by_node[one.node] = one
    if len(by_node) < 2:
        return
    places = {node: one.span for node, one in by_node.items()}
    writers = [node for node, one in by_node.items() if one.writes]
    unsure = [node for node, one in by_node.items() if one.writes is None]
    readers = [node for node, one in by_node.items() if one.writes is False]
    everyone = [*writers, *unsure, *readers]
    notes = dict.fromkeys(everyone, "which it reads")
    notes |= dict.fromkeys(writers, "which it writes")
    for writing, reading, certain in (
        (writers, [*unsure, *readers], True),
        (unsure, readers, False),
    ):
        if writing:
            yield Connection(
                kind, name, writing, everyone, places=places, notes=notes, certain=certain
            )
        if writing and reading:
            yield Connection(
                *(kind, name, reading, writing),
                places=places,
                notes=notes,
                leads_on=False,
                certain=certain,
            )


def _grants(
    containers: Sequence[Container], section: Literal["secrets", "configs"]
) -> Iterator[Connection]:
    """Yield the secrets or configs that each service gets."""
    kind: Literal["secret", "config"] = "secret" if section == "secrets" else "config"
    given: dict[str, dict[Node, Span]] = {}
    for container in containers:
        for item in container.items(section):
            source = item.get("source") if isinstance(item, MappingValue) else item
            if isinstance(source, ScalarValue):
                places = given.setdefault(source.text, {})
                places.setdefault(Node("service", container.name), item.span)
    for name, places in given.items():
        yield Connection(kind, name, places, [Node(kind, name)], places=places, leads_on=False)


def _writes(volume: Volume) -> bool | None:
    if volume.surely_writable:
        return True
    return False if volume.surely_read_only else None
