"""The facts about a mount: by whatever route it comes into a container."""

from __future__ import annotations

import posixpath

from tightship.isolation.host_path import HostPath, classify, normalise
from tightship.isolation.mounts import mounted_paths
from tightship.lazy import Record
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, maybe, text, unknown
from tightship.values import scalar
from tightship.values.hole import has_hole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.model.project import Project
    from tightship.text import Span

# The most services whose mounts one service takes over by `volumes_from`.
_MOST_SERVICES = 100
_WITH_SOCKET = frozenset((HostPath.CONTROL_SOCKET, HostPath.ROOT))


class MountFact(Record):
    """A mount: all that is known of it is made as it is found."""

    span: Span
    kind: Scalar
    route: str
    target: Scalar
    source: Scalar
    volume: Scalar
    read_only: bool | None
    external: Scalar
    committed: bool | None = None


def mounts(container: Container) -> Items:
    """Return every mount of a container, of the host or not."""
    found, whole = dict[object, list[MountFact]](), True
    settings = container.settings
    todo, seen = [settings], {settings.name}
    for one in todo:
        route = "volumes" if one is settings else "volumes_from"
        # The nearest service wins, and in each its last entry.
        for target, made in dict(_of_volumes(one, route)).items():
            found.setdefault(target, made)
        whole = whole and not one.may_have("volumes")
        for item in reversed(one.texts("volumes_from").items):
            name = (item.value or "").partition(":")[0]
            other = container.project.services.get(name)
            if item.value is None or other is None or len(seen) > _MOST_SERVICES:
                whole = False
            elif name not in seen:
                seen.add(name)
                todo.append(other)
    every = [one for made in found.values() for one in made]
    every += [*_of_tmpfs(settings), *_of_files(settings), *_of_api(container)]
    whole = whole and all(not settings.may_have(key) for key in ("tmpfs", "configs", "secrets"))
    return Items(container.span, tuple(Facts(MOUNT, one, one.span) for one in every), whole)


def _of_volumes(
    settings: ContainerSettings, route: str
) -> Iterator[tuple[object, list[MountFact]]]:
    """Yield the mounts by target; one that only a run decides may be any."""
    for volume in settings.volumes:
        is_known = "target" not in volume.undecided and not has_hole(volume.target)
        target = posixpath.normpath(volume.target).replace("//", "/") if is_known else volume
        yield target, [*_of_volume(settings.project, volume, route)]


def _of_volume(project: Project, volume: Volume, route: str) -> Iterator[MountFact]:
    span, name = volume.span, volume.source or ""
    target, absent = text(span, volume.target), Scalar(span)
    read_only = True if volume.surely_read_only else False if volume.surely_writable else None
    if volume.kind in ("bind", "npipe"):
        source = host_path(volume, name)
        kind = _kind(source, name)
        committed = _committed(project, source)
        yield MountFact(
            span, kind, route, target, source, absent, read_only, absent, committed=committed
        )
    elif volume.kind == "volume":
        yield from _of_named(project, volume, route, read_only)
    elif volume.kind == "unknown" or "kind" in volume.undecided:
        hidden = unknown(span)
        yield MountFact(span, hidden, route, target, hidden, hidden, read_only, hidden)
    else:
        kind = Scalar(span, volume.kind)
        yield MountFact(span, kind, route, target, absent, absent, read_only, absent)


def _of_named(
    project: Project, volume: Volume, route: str, read_only: bool | None
) -> Iterator[MountFact]:
    """Yield what a named volume is: a folder of the host by its options, or a volume."""
    span, name = volume.span, volume.source or ""
    target, named = text(span, volume.target), text(span, name)
    external = _external(project, name, span)
    paths = [*mounted_paths(project, name)]
    for one in paths:
        source = text(one.leaf.span, normalise(one.path))
        yield MountFact(
            one.leaf.span,
            _kind(source, one.path),
            "driver_opts",
            target,
            source,
            named,
            True if one.read_only else read_only,
            external,
        )
    if not paths:
        is_open = has_hole(name) or _has_open_options(project, name)
        kind = unknown(span) if is_open else Scalar(span, "volume" if name else "anonymous")
        source = unknown(span) if is_open else Scalar(span)
        yield MountFact(span, kind, route, target, source, named, read_only, external)


def _external(project: Project, name: str, span: Span) -> Scalar:
    found = project.text("volumes", name, "external")
    if found is None:
        return Scalar(span, value=False)
    return maybe(found.span, scalar.as_bool(found.text) if found.decided else None)


def _has_open_options(project: Project, name: str) -> bool:
    """Return whether only a run decides what a volume is."""
    table = project.table("volumes", name)
    options = table.get("driver_opts") if table is not None else None
    if not isinstance(options, MappingValue):
        return False
    values = (entry.value for entry in options.entries.values())
    return any(isinstance(one, ScalarValue) and not one.decided for one in values)


def host_path(volume: Volume, written: str) -> Scalar:
    """Return the source of a bind mount; one of the project begins with `./`."""
    span = volume.place
    if has_hole(normalise(written)):
        return Scalar(span, None, known=False, beginning=text(span, written).beginning)
    path = normalise(written)
    if path.startswith(("/", "~", "\\")) or path[1:2] == ":":
        return Scalar(span, path)
    path = resolve(volume.value.reading.directory, path.removeprefix("./"))
    return Scalar(span, path if path.startswith("../") or path == ".." else f"./{path}")


def _kind(source: Scalar, written: str) -> Scalar:
    """Return `socket` for a path by which the container commands an engine, else `bind`."""
    if classify(written) in _WITH_SOCKET:
        return Scalar(source.span, "socket")
    return Scalar(source.span, "bind") if source.known else unknown(source.span)


def _committed(project: Project, source: Scalar) -> bool | None:
    if not source.known:
        return None
    path = str(source.value)
    return project.tracks(path.removeprefix("./")) if path.startswith("./") else False


def _of_tmpfs(settings: ContainerSettings) -> Iterator[MountFact]:
    for item in settings.texts("tmpfs").items:
        written = (item.value or "").partition(":")[0]
        target = Scalar(item.span, written) if item.decided else unknown(item.span)
        kind, absent = Scalar(item.span, "tmpfs"), Scalar(item.span)
        yield MountFact(item.span, kind, "tmpfs", target, absent, absent, None, absent)


def _of_files(settings: ContainerSettings) -> Iterator[MountFact]:
    """Yield configs and secrets; Compose mounts those with a `file`."""
    for section in ("configs", "secrets"):
        for item in settings.items(section):
            source = item.get("source") if isinstance(item, MappingValue) else item
            if isinstance(source, ScalarValue):
                yield _of_file(settings, section, source)


def _of_file(settings: ContainerSettings, section: str, name: ScalarValue) -> MountFact:
    span = name.span
    file = settings.project.text(section, name.text, "file")
    hidden, absent = unknown(span), Scalar(span)
    if not name.decided:
        return MountFact(span, hidden, section, hidden, hidden, hidden, True, hidden)
    target = unknown(span)
    if file is None:
        kind = Scalar(span, section.removesuffix("s"))
        return MountFact(span, kind, section, target, absent, absent, True, absent)
    if not file.decided:
        return MountFact(span, hidden, section, target, unknown(file.span), absent, True, absent)
    path = normalise(file.text)
    if not path.startswith(("/", "~")):
        path = resolve(file.reading.directory, path)
        path = path if path.startswith(("../", "/")) else f"./{path}"
    source = Scalar(file.span, path)
    committed = _committed(settings.project, source)
    return MountFact(
        span, _kind(source, file.text), section, target, source, absent, True, absent, committed
    )


def _of_api(container: Container) -> Iterator[MountFact]:
    api = container.flag("use_api_socket")
    if api.decided and not api.value:
        return
    kind = Scalar(api.span, "socket") if api.decided else unknown(api.span)
    path, absent = Scalar(api.span, "/run/docker.sock"), Scalar(api.span)
    yield MountFact(api.span, kind, "use_api_socket", path, path, absent, False, absent)


MOUNT = Group(
    "mount",
    "a mount in a container",
    {
        "kind": Fact(
            "text",
            "`bind` (a file or folder of the host), `socket` (one by which the container commands"
            " an engine, or a folder that has it), `volume`, `anonymous`, `tmpfs`, `config`,"
            " `secret`, `npipe`, `cluster`, `image`",
            lambda mount: mount.kind,
        ),
        "route": Fact(
            "text",
            "the key that brings it: `volumes`, `driver_opts` (of a named volume),"
            " `volumes_from`, `tmpfs`, `configs`, `secrets` or `use_api_socket`",
            lambda mount: Scalar(mount.span, mount.route),
        ),
        "source": Fact(
            "path",
            "the path of the host; one of the project begins with `./`, and starts in the"
            " folder that is checked",
            lambda mount: mount.source,
        ),
        "target": Fact("text", "the path in the container", lambda mount: mount.target),
        "volume": Fact("text", "the key of the named volume", lambda mount: mount.volume),
        "external": Fact(
            "flag", "whether the volume is made elsewhere", lambda mount: mount.external
        ),
        "read-only": Fact(
            "flag",
            "whether the container cannot write to it",
            lambda mount: maybe(mount.span, mount.read_only),
        ),
        "committed": Fact(
            "flag",
            "whether the source is a file, or has one, that Git tracks in this repository",
            lambda mount: maybe(mount.span, mount.committed),
        ),
    },
)
