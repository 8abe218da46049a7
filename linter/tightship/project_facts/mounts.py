"""The facts about a mount: by whatever route it comes into a container."""

from __future__ import annotations

from tightship.isolation.host_path import HostPath, classify, normalise
from tightship.isolation.mounts import led, mounted_paths
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.tables import is_external
from tightship.project_facts.values import (
    Fact,
    Facts,
    Group,
    Items,
    Scalar,
    last_ones,
    maybe,
    text,
    unknown,
)
from tightship.values.hole import has_hole
from tightship.values.mount import clean_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.model.project import Project
    from tightship.text import Span

# The most services whose mounts one service takes over by `volumes_from`.
_MOST_SERVICES = 100
_WITH_SOCKET = frozenset((HostPath.CONTROL_SOCKET, HostPath.ROOT))
_BRINGING = ("volumes", "volumes_from", "configs", "secrets", "use_api_socket")


class MountFact(Record):
    """A mount: all that is known of it is made as it is found; none stands for absent."""

    span: Span
    kind: Scalar
    route: str
    target: Scalar
    source: Scalar | None = None
    read_only: bool | None = None
    volume: Scalar | None = None
    driver: Scalar | None = None
    external: Scalar | None = None
    committed: bool | None = None
    propagation: Scalar | None = None


def mounts(container: Container) -> Items:
    """Return every mount of a container, of the host or not."""
    services, whole = _services(container)
    # The nearest service wins, and in each its last entry.
    entries = [
        (number, volume)
        for number in reversed(range(len(services)))
        for volume in services[number][0].volumes
    ]
    found: list[tuple[int, MountFact, bool]] = []
    for (number, volume), is_sure in last_ones(entries, lambda entry: _target(entry[1]).value):
        made = _propagated(services[number][0].project, volume)
        found += ((number, one, is_sure) for one in made)
    for number, (settings, _) in enumerate(services):
        others = (*_of_files(settings), *_of_api(settings))
        found += ((number, one, True) for one in others)
    found.sort(key=lambda one: one[0])
    every = [(_inherited(m, services[n][1]) if n else m, is_sure) for n, m, is_sure in found]
    every += ((one, True) for one in _of_tmpfs(container.settings))
    whole = whole and not container.settings.may_have("tmpfs")
    things = tuple(Facts(MOUNT, one, one.span, is_sure=is_sure) for one, is_sure in every)
    return Items(container.span, things, whole)


def _services(container: Container) -> tuple[list[tuple[ContainerSettings, str]], bool]:
    """Return the services that mounts are from, each with its mode, and whether these are all."""
    settings = container.settings
    todo, seen, whole = [(settings, "")], {settings.name}, True
    for one, _ in todo:
        is_open = any(map(one.may_have, _BRINGING)) or not one.flag("use_api_socket").decided
        whole = whole and not is_open
        for item in reversed(one.texts("volumes_from").items):
            name, _, mode = (item.value or "").partition(":")
            other = container.project.services.get(name)
            if item.value is None or other is None or len(seen) > _MOST_SERVICES:
                whole = False
            elif name not in seen:
                seen.add(name)
                todo.append((other, mode))
    return todo, whole


def _or_absent(name: str) -> Callable[[MountFact], Scalar]:
    return lambda mount: getattr(mount, name) or Scalar(mount.span)


def _inherited(mount: MountFact, mode: str) -> MountFact:
    """Return a mount of another service; not every Compose keeps the `:ro` of `volumes_from`."""
    read_only = mount.read_only if mode != "ro" or mount.read_only else None
    return mount.replaced(route="volumes_from", read_only=read_only)


def _propagated(project: Project, volume: Volume) -> Iterator[MountFact]:
    known = volume.undecided.isdisjoint(("propagation", "options"))
    propagation = Scalar(volume.span, volume.propagation, known=known)
    return (one.replaced(propagation=propagation) for one in _of_volume(project, volume))


def _of_volume(project: Project, volume: Volume) -> Iterator[MountFact]:
    if volume.kind == "volume":
        yield from _of_named(project, volume)
        return
    span, hidden = volume.span, unknown(volume.span)
    made = MountFact(span, hidden, "volumes", _target(volume), None, _read_only(volume))
    if volume.kind == "unknown" or "kind" in volume.undecided:
        yield made.replaced(source=hidden, volume=hidden, driver=hidden, external=hidden)
    elif volume.kind in ("bind", "npipe"):
        written = led(project, volume.value.reading.directory, volume.source or "")
        source = _path(volume.place, volume.value.reading.directory, written)
        committed = _committed(project, source)
        yield made.replaced(kind=_kind(source, written), source=source, committed=committed)
    else:
        yield made.replaced(kind=Scalar(span, volume.kind))


def _target(volume: Volume) -> Scalar:
    """Return the path in the container; before it, a variable may bring another target."""
    is_short = isinstance(volume.value, ScalarValue)
    if "target" in volume.undecided or (is_short and "source" in volume.undecided):
        return unknown(volume.span)
    return Scalar(volume.span, clean_path(volume.target))


def _read_only(volume: Volume) -> bool | None:
    return True if volume.surely_read_only else False if volume.surely_writable else None


def _of_named(project: Project, volume: Volume) -> Iterator[MountFact]:
    """Yield what a named volume is: a folder of the host by its options, or a volume."""
    span, name = volume.span, volume.source or ""
    hidden, read_only = unknown(span), _read_only(volume)
    made = MountFact(span, hidden, "volumes", _target(volume), hidden, read_only, text(span, name))
    if has_hole(name):
        yield made.replaced(driver=hidden, external=hidden)
        return
    external = is_external(project, "volumes", name, span)
    made = made.replaced(driver=_driver(project, name, external), external=external)
    paths = [*mounted_paths(project, name)]
    for one in paths:
        place = one.leaf.span
        path = led(project, one.leaf.reading.directory, one.path)
        source = unknown(place) if has_hole(path) else Scalar(place, normalise(path))
        yield made.replaced(
            span=place,
            kind=_kind(source, path),
            route="driver_opts",
            source=source,
            read_only=one.read_only or (read_only if one.read_only is False else None),
            committed=_committed(project, source),
        )
    if not paths and _has_open_options(project, name):
        yield made
    elif not paths:
        yield made.replaced(kind=Scalar(span, "volume" if name else "anonymous"), source=None)


def _driver(project: Project, name: str, external: Scalar) -> Scalar:
    if external.value is not False:
        return unknown(external.span)
    leaf = project.text("volumes", name, "driver")
    return Scalar(external.span, "local") if leaf is None else text(leaf.span, leaf.text)


def _has_open_options(project: Project, name: str) -> bool:
    """Return whether only a run decides what a volume is."""
    table = project.table("volumes", name)
    if table is None:
        return not project.complete
    options = table.get("driver_opts")
    entries = options.entries.values() if isinstance(options, MappingValue) else ()
    values = (*(one.value for one in entries), table.get("driver"))
    return any(isinstance(one, ScalarValue) and not one.decided for one in values)


def _path(span: Span, directory: str, written: str) -> Scalar:
    """Return a path of the host; one of the project begins with `./`.

    A variable in it may climb by `..`, so nothing of it is known.
    """
    if has_hole(written):
        return unknown(span)
    path = normalise(written)
    if path.startswith(("/", "~", "\\")) or path[1:2] == ":":
        return Scalar(span, path)
    if has_hole(directory):
        return unknown(span)
    path = resolve(directory, path.removeprefix("./"))
    is_plain = path.startswith(("../", "/")) or path in (".", "..")
    return Scalar(span, path if is_plain else f"./{path}")


def _kind(source: Scalar, written: str) -> Scalar:
    """Return `socket` for a path by which the container commands an engine, else `bind`."""
    if classify(written) in _WITH_SOCKET:
        return Scalar(source.span, "socket")
    return Scalar(source.span, "bind") if source.known else unknown(source.span)


def _committed(project: Project, source: Scalar) -> bool | None:
    if not source.known:
        return None
    path = str(source.value)
    is_inside = path == "." or path.startswith("./")
    return project.tracks(path.removeprefix("./")) if is_inside else False


def _of_tmpfs(settings: ContainerSettings) -> Iterator[MountFact]:
    for item in settings.texts("tmpfs").items:
        path = (item.value or "").partition(":")[0]
        target = Scalar(item.span, clean_path(path)) if item.decided else unknown(item.span)
        yield MountFact(item.span, Scalar(item.span, "tmpfs"), "tmpfs", target)


def _of_files(settings: ContainerSettings) -> Iterator[MountFact]:
    """Yield configs and secrets; Compose mounts those with a `file`."""
    for section in ("configs", "secrets"):
        for item in settings.items(section):
            source = item.get("source") if isinstance(item, MappingValue) else item
            if isinstance(source, ScalarValue):
                yield _of_file(settings.project, section, source)


def _of_file(project: Project, section: str, name: ScalarValue) -> MountFact:
    file, hidden = project.text(section, name.text, "file"), unknown(name.span)
    made = MountFact(name.span, hidden, section, hidden, hidden, read_only=True)
    if not name.decided or (file is not None and not file.decided):
        return made
    if file is None:
        return made.replaced(kind=Scalar(name.span, section.removesuffix("s")), source=None)
    path = led(project, file.reading.directory, file.text)
    source = _path(file.span, file.reading.directory, path)
    committed = _committed(project, source)
    return made.replaced(kind=_kind(source, path), source=source, committed=committed)


def _of_api(settings: ContainerSettings) -> Iterator[MountFact]:
    api = settings.flag("use_api_socket")
    if not api.is_surely(True):
        return
    kind = Scalar(api.span, "socket")
    path = Scalar(api.span, "/run/docker.sock")
    yield MountFact(api.span, kind, "use_api_socket", path, path, read_only=False)


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
            words="bind socket volume anonymous tmpfs config secret npipe cluster image",
        ),
        "route": Fact(
            "text",
            "the key that brings it: `volumes`, `driver_opts` (of a named volume),"
            " `volumes_from`, `tmpfs`, `configs`, `secrets` or `use_api_socket`",
            lambda mount: Scalar(mount.span, mount.route),
            words="volumes driver_opts volumes_from tmpfs configs secrets use_api_socket",
        ),
        "source": Fact(
            "path",
            "the path of the host; one of the project begins with `./`, and starts in the"
            " folder that is checked",
            _or_absent("source"),
        ),
        "target": Fact("text", "the path in the container", lambda mount: mount.target),
        "volume": Fact("text", "the key of the named volume", _or_absent("volume")),
        "driver": Fact(
            "text",
            "the driver of the named volume; one other than `local` may mount what it likes",
            _or_absent("driver"),
        ),
        "external": Fact("flag", "whether the volume is made elsewhere", _or_absent("external")),
        "read-only": Fact(
            "flag",
            "whether the container cannot write to it",
            lambda mount: maybe(mount.span, mount.read_only),
        ),
        "propagation": Fact(
            "text",
            "how mounts below it spread, such as `rshared`, if that is set",
            _or_absent("propagation"),
            words="private rprivate shared rshared slave rslave",
        ),
        "committed": Fact(
            "flag",
            "whether the source is a file, or has one, that Git tracks in this repository",
            lambda mount: maybe(mount.span, mount.committed),
        ),
    },
)
