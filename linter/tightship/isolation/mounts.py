"""The paths of the host in a container's file system, by every route."""

from __future__ import annotations

import posixpath

from tightship.findings import Fix, Related
from tightship.isolation.host_path import (  # fmt: skip
    HostPath,
    classify,
    is_key,
    normalise,
    socket_at,
    socket_behind,
)
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.model.items import as_it_stands
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.container_settings import ContainerSettings
    from tightship.model.items import Volume
    from tightship.model.project import Project
    from tightship.model.reading import Step
    from tightship.model.setting import Setting
    from tightship.text import Span

# Where configs and secrets are by default (Compose Specification, services).
_FOLDERS = {"configs": "/", "secrets": "/run/secrets/"}
_NOT_OF_THE_HOST = frozenset((
    HostPath.CREDENTIALS, HostPath.SYSTEM, HostPath.TIME_AND_CERTIFICATES,
    HostPath.WORLD_TEMP, HostPath.OTHER,
))  # fmt: skip

# The most services that the ``volumes_from`` of one service visits, and the most entries
# of each: bounds for hostile files, far beyond hand-written ones.
_VISITS = 8
_ENTRIES = 100


class Mount(Record):
    """A path of the host in a container, and its route.

    ``route`` is ``volumes``, ``driver_opts`` (what a named volume mounts),
    ``volumes_from``, ``configs``, ``secrets`` or ``use_api_socket``. ``span`` is the
    place that decides. ``volume`` is the entry of ``volumes``, where there is one,
    ``because`` holds the other places on the route, and ``provenance`` is that of the
    path. A mount that is neither writable nor read-only is undecided. ``file_system`` is
    the type of the one that is mounted from a disk, and else empty.
    """

    container: Container
    span: Span
    source: str
    target: str
    route: str
    writable: bool
    read_only: bool
    volume: Volume | None = None
    because: tuple[Related, ...] = ()
    provenance: tuple[Step, ...] = ()
    file_system: str = ""

    @lazy_property
    def host(self) -> HostPath:
        """Return the class of the path."""
        return classify(self.source)

    @property
    def path(self) -> str:
        """Return the host's path in one spelling: ``/run`` for ``/var/run``."""
        return normalise(self.source)

    @property
    def listener(self) -> str:
        """Return the daemon that takes commands through this mount, in words."""
        return socket_behind(self.path) or "a container engine"

    def is_below(self, *directories: str) -> bool:
        """Return whether the path is one of these directories or lies below one."""
        path = self.path
        return any(path == d or path.startswith(d + "/") for d in directories)

    def made_read_only(self, *, may_break: str, title: str = "Mount it read-only") -> Fix | None:
        """Return the fix that makes the mount read-only.

        There is none where the image is known to write to that path.
        """
        if self.volume is None:
            return None
        from tightship.isolation.writable_paths import is_written  # findings are few

        if is_written(self.container, self.volume.target):
            return None
        edits = self.container.editor.make_read_only(self.volume)
        return Fix.tightens(title, edits, may_break=may_break)


def mounts(container: Container) -> Iterator[Mount]:
    """Yield every mount of the host that a container gets."""
    own = _by_target(container, container.settings)
    yield from (mount for found in own.values() for mount in found)
    yield from _from_others(container, set(own))
    for section in ("configs", "secrets"):
        yield from _from_files(container, section)
    api = container.flag("use_api_socket")
    if api.is_surely(True):
        yield Mount(
            container,
            api.span,
            "/var/run/docker.sock",
            "/var/run/docker.sock",
            "use_api_socket",
            writable=True,
            read_only=False,
            provenance=api.provenance,
        )


def _by_target(
    container: Container, service: ContainerSettings, most: int | None = None
) -> dict[str, list[Mount]]:
    """Return the ``volumes`` of a service by target, of which the last wins.

    One that is not of the host is there with no mount, for it takes a target too.
    """
    found: dict[str, list[Mount]] = {}
    for volume in service.volumes[:most]:
        # As Go's path.Clean has it; Python keeps two slashes at the start.
        target = posixpath.normpath(volume.target).replace("//", "/")
        found.pop(target, None)
        found[target] = list(_mounts(container, service, volume))
    return found


def _mounts(container: Container, service: ContainerSettings, volume: Volume) -> Iterator[Mount]:
    """Yield the paths of the host behind an entry: an overlay has several."""
    if volume.undecided:
        stands = as_it_stands(volume)
        if stands.kind in ("bind", "npipe") and classify(stands.source or "") is not HostPath.OTHER:
            volume = stands
    source = volume.source
    if source is None:
        return
    if volume.kind == "volume":
        yield from _behind(container, service, volume, source)
        return
    # ``${HOME}`` has no value here, but a known meaning; and no volume is a socket.
    certain = volume.kind == "unknown" and (
        normalise(source)[:1] in ("/", "~") or socket_at(volume.target) is not None
    )
    if volume.kind not in ("bind", "npipe") and not certain:
        return
    path = led(service.project, volume.value.reading.directory, source)
    yield Mount(
        container,
        volume.place,
        path,
        volume.target,
        "volumes",
        writable=volume.surely_writable,
        read_only=volume.surely_read_only,
        volume=volume,
        because=by_link(volume.place, source, path),
        provenance=volume.provenance,
    )


def standing_path(leaf: ScalarValue) -> ScalarValue:
    """Return a path as it stands, if that is one of the host."""
    stands = leaf.as_it_stands
    return stands if classify(stands.text) is not HostPath.OTHER else leaf


def led(project: Project, directory: str, source: str) -> str:
    """Return the path outside of the repository that its links lead to, or the path itself.

    Compose, and then the kernel, follow a link where the project is started.
    """
    path = normalise(source)
    if path[:1] in ("~", "\\") or path[1:2] == ":" or has_hole(path):
        return source
    return project.leads_out(resolve(directory, path)) or source


def by_link(place: Span, source: str, path: str) -> tuple[Related, ...]:
    """Return what shows that a source is a link, if its path is another one."""
    if path == source:
        return ()
    where = "to an unknown place" if has_hole(path) else f"to `{path}`"
    return (Related(place, f"`{source}` is a link, or lies behind one, that leads {where}"),)


def _behind(
    container: Container, service: ContainerSettings, volume: Volume, name: str
) -> Iterator[Mount]:
    """Yield the paths of the host that a named volume really is."""
    for found in mounted_paths(service.project, name):
        path = led(service.project, found.leaf.reading.directory, found.path)
        yield Mount(
            container,
            found.leaf.span,
            path,
            volume.target,
            "driver_opts",
            writable=volume.surely_writable and found.read_only is False,
            read_only=volume.surely_read_only or found.read_only is True,
            volume=volume,
            because=(
                *by_link(found.leaf.span, found.path, path),
                Related(volume.span, f"the volume `{name}` is mounted here"),
            ),
            provenance=found.leaf.provenance,
            file_system=found.file_system,
        )


def _from_others(container: Container, taken: set[str]) -> Iterator[Mount]:
    """Yield the mounts of ``volumes_from``, from any depth.

    A service's own entry wins over an inherited one, and of several services the last
    one does (moby 26.1.5, daemon/volumes.go, registerMountPoints). A mode changes
    nothing: Compose 2.26.1 drops the ``:ro`` of a service. Whether other releases keep
    it has not been tried.
    """
    seen = {container.name}
    todo: list[tuple[Span, Setting[str], tuple[Related, ...]]]
    todo = [(item.span, item, ()) for item in reversed(_sources(container.settings))]
    # The loop visits appended items too: nearer services come before farther ones.
    for place, item, because in todo:
        name, _, mode = (item.value or "").partition(":")
        other = container.project.services.get(name)
        if other is None or name in seen or len(seen) > _VISITS:
            continue
        seen.add(name)
        if mode == "ro":
            why = "Compose 2.26.1 drops `:ro` here, so it is as writable"
            because = (*because, Related(item.span, why))
        for target, found in _by_target(container, other, _ENTRIES).items():
            for mount in found if target not in taken else ():
                here = Related(mount.span, f"`{name}` mounts `{mount.source}` here")
                yield _inherited(mount, place, (*because, here))
            taken.add(target)
        for farther in reversed(_sources(other)):
            more = Related(farther.span, f"`{name}` has it from another service")
            todo.append((place, farther, (*because, more)))


def _sources(service: ContainerSettings) -> list[Setting[str]]:
    """Return the entries of ``volumes_from`` that name a service of the project."""
    return [
        item
        for item in service.texts("volumes_from").items
        if item.value is not None and not item.value.startswith("container:")
    ]


def _inherited(mount: Mount, place: Span, because: tuple[Related, ...]) -> Mount:
    return Mount(
        mount.container,
        place,
        mount.source,
        mount.target,
        "volumes_from",
        writable=mount.writable,
        read_only=mount.read_only,
        because=(*because, *mount.because),
        provenance=mount.provenance,
        file_system=mount.file_system,
    )


def _from_files(container: Container, section: str) -> Iterator[Mount]:
    """Yield the paths of the host that are the ``file`` of a config or a secret.

    Compose mounts each read-only, a directory too (docker/compose, pkg/compose/create.go).
    A key is what secrets are for, so credentials are left out.
    """
    for item in container.items(section):
        source = item.get("source") if isinstance(item, MappingValue) else item
        if not isinstance(source, ScalarValue):
            continue
        file = container.project.text(section, source.text, "file")
        if file is None:
            continue
        file = standing_path(file)
        path = led(container.project, file.reading.directory, file.text)
        if classify(path) in _NOT_OF_THE_HOST or is_key(path):  # a key is for one service
            continue
        written = item.get("target") if isinstance(item, MappingValue) else None
        target = written.text if isinstance(written, ScalarValue) else ""
        yield Mount(
            container,
            file.span,
            path,
            posixpath.join(_FOLDERS[section], target or source.text),
            section,
            writable=False,
            read_only=True,
            because=(
                *by_link(file.span, file.text, path),
                Related(item.span, f"`{container.name}` gets it here", role="receiver"),
            ),
            provenance=file.provenance,
        )


# The file systems of the kernel, each with the usual path of the same one on the host.
_OF_THE_KERNEL = {
    "binfmt_misc": "/proc/sys/fs/binfmt_misc", "bpf": "/sys/fs/bpf", "cgroup": "/sys/fs/cgroup",
    "cgroup2": "/sys/fs/cgroup", "configfs": "/sys/kernel/config", "debugfs": "/sys/kernel/debug",
    "devtmpfs": "/dev", "efivarfs": "/sys/firmware/efi/efivars",
    "fusectl": "/sys/fs/fuse/connections", "nfsd": "/proc/fs/nfsd", "proc": "/proc",
    "pstore": "/sys/fs/pstore", "resctrl": "/sys/fs/resctrl",
    "securityfs": "/sys/kernel/security", "selinuxfs": "/sys/fs/selinux", "sysfs": "/sys",
    "tracefs": "/sys/kernel/tracing",
}  # fmt: skip


class MountedPath(Record):
    """A path of the host behind a volume.

    ``leaf`` is the option that decides. ``file_system`` is the type of the one that is
    mounted from a disk, and empty where ``path`` is a directory. ``read_only`` is none
    where only a run decides.
    """

    leaf: ScalarValue
    path: str
    read_only: bool | None
    file_system: str = ""


def mounted_paths(project: Project, name: str) -> Iterator[MountedPath]:
    """Yield the paths of the host that a named volume mounts.

    The words of ``o`` count as they are written: a blank makes another word of ``ro``,
    and of ``ro`` and ``rw`` the last one counts (moby/sys/mount, flags.go).
    """

    def option(*path: str) -> ScalarValue | None:
        return project.text("volumes", name, *path)

    driver, device = option("driver"), option("driver_opts", "device")
    if device is None or (driver is not None and driver.text != "local"):
        return
    device = standing_path(device)
    options, kind = option("driver_opts", "o"), option("driver_opts", "type")
    options, kind = options and options.as_it_stands, kind and kind.as_it_stands
    words = options.text.split(",") if options is not None else []
    read_only: bool | None = [word for word in words if word in ("ro", "rw")][-1:] == ["ro"]
    if options is not None and not options.decided:
        read_only = None
    if "bind" in words or "rbind" in words:
        yield MountedPath(device, _from_the_root(device.text), read_only)
    elif kind is None or not kind.decided:
        return
    elif kind.text in _OF_THE_KERNEL:
        yield MountedPath(kind, _OF_THE_KERNEL[kind.text], read_only)
    elif kind.text == "overlay" and options is not None:
        yield from _layers(options, words, read_only)
    elif kind.text not in ("", "none") and device.text.startswith(("/dev/", "${PWD}/")):
        yield MountedPath(device, device.text, read_only, kind.text)


def _from_the_root(path: str) -> str:
    """Return a path that climbs as the daemon has it, whose folder is the root (systemd.exec(5))."""
    climbs = posixpath.normpath(path).startswith("..") and not has_hole(path)
    return posixpath.normpath(f"/{path}") if climbs else path


def _layers(
    options: ScalarValue, words: list[str], read_only: bool | None
) -> Iterator[MountedPath]:
    """Yield the directories of an overlay; only the upper one is written to."""
    for word in words:
        key, _, value = word.partition("=")
        if key == "upperdir":
            yield MountedPath(options, value, read_only)
        elif key == "lowerdir":
            for path in filter(posixpath.isabs, value.split(":")):
                yield MountedPath(options, path, read_only=True)
