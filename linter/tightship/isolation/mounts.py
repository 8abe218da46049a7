"""What of the host a container gets to see in its file system, by every route."""

from __future__ import annotations

import posixpath

from tightship.compose.tree import Items, Leaf, Table
from tightship.compose.volume import volumes
from tightship.findings import Related
from tightship.isolation.host_path import HostPath, classify, normalise, socket_behind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.service import Service
    from tightship.compose.volume import Volume
    from tightship.isolation.container import Container
    from tightship.text import Span

# As deep as a chain of ``volumes_from`` is followed.
_CHAIN = 20


class Mount:
    """A path of the host in a container, and how it came there.

    ``route`` is ``volumes``, ``driver_opts`` (a named volume that is a bind mount),
    ``volumes_from``, ``configs``, ``secrets`` or ``use_api_socket``. ``span`` is the
    place that decides. ``volume`` is the entry of ``volumes``, where there is one,
    and ``because`` holds the other places on the way.
    """

    __slots__ = (
        "because",
        "container",
        "host",
        "read_only",
        "route",
        "source",
        "span",
        "target",
        "volume",
        "writable",
    )

    def __init__(
        self,
        container: Container,
        span: Span,
        source: str,
        target: str,
        route: str,
        *,
        host: HostPath,
        writable: bool,
        read_only: bool,
        volume: Volume | None = None,
        because: tuple[Related, ...] = (),
    ) -> None:
        """Hold a mount; neither writable nor read-only means undecided."""
        self.container = container
        self.span = span
        self.source = source
        self.target = target
        self.route = route
        self.host = host
        self.writable = writable
        self.read_only = read_only
        self.volume = volume
        self.because = because

    @property
    def path(self) -> str:
        """Return the host's path in one spelling: ``/run`` for ``/var/run``."""
        return normalise(self.source)

    @property
    def listener(self) -> str:
        """Return what can be commanded through this mount, in words."""
        return socket_behind(self.path) or "a container engine"

    def is_below(self, *directories: str) -> bool:
        """Tell whether the path is one of these directories or lies below one."""
        path = self.path
        return any(path == d or path.startswith(d + "/") for d in directories)


def mounts(container: Container) -> Iterator[Mount]:
    """Yield every mount of the host that a container gets."""
    service = container.service
    yield from _of_service(container, service)
    yield from _from_others(container, service, ())
    for section in ("configs", "secrets"):
        yield from _from_files(container, section)
    api = service.flag("use_api_socket")
    if api.is_surely(True):
        yield Mount(
            container,
            api.span,
            "/var/run/docker.sock",
            "/var/run/docker.sock",
            "use_api_socket",
            host=HostPath.CONTROL_SOCKET,
            writable=True,
            read_only=False,
        )


def _of_service(container: Container, service: Service) -> Iterator[Mount]:
    seen = dict[str, Mount]()
    for volume in volumes(service):
        mount = None
        if volume.source is None:
            continue
        if volume.kind in ("bind", "npipe"):
            mount = Mount(
                container,
                volume.span,
                volume.source,
                volume.target,
                "volumes",
                host=classify(volume.source),
                writable=volume.surely_writable,
                read_only=volume.surely_read_only,
                volume=volume,
            )
        elif volume.kind == "volume":
            mount = _bind_behind(container, service, volume)
        elif volume.kind == "unknown":
            mount = _unknown(container, volume)
        # Compose keeps the last of several entries with one target.
        key = posixpath.normpath(volume.target)
        seen.pop(key, None)
        if mount is not None:
            seen[key] = mount
    yield from seen.values()


def _unknown(container: Container, volume: Volume) -> Mount | None:
    """Return what is certain of an entry whose kind a variable decides."""
    host = classify(volume.source or "")
    if host is not HostPath.CONTROL_SOCKET:
        return None
    return Mount(
        container,
        volume.span,
        volume.source or "",
        volume.target,
        "volumes",
        host=host,
        writable=volume.surely_writable,
        read_only=volume.surely_read_only,
        volume=volume,
    )


def _bind_behind(
    container: Container, service: Service, volume: Volume
) -> Mount | None:
    """Return the bind mount that a named volume really is, if it is one.

    The local driver hands ``type``, ``o`` and ``device`` to mount(2), so that
    ``o: bind`` makes of a volume a directory of the host.
    """
    name = volume.source or ""
    options = service.project.text("volumes", name, "driver_opts", "o")
    device = service.project.text("volumes", name, "driver_opts", "device")
    if options is None or device is None:
        return None
    words = [word.strip() for word in options.text.split(",")]
    if "bind" not in words and "rbind" not in words:
        return None
    read_only = volume.surely_read_only or "ro" in words
    return Mount(
        container,
        device.span,
        device.text,
        volume.target,
        "driver_opts",
        host=classify(device.text),
        writable=volume.surely_writable and "ro" not in words,
        read_only=read_only,
        volume=volume,
        because=(Related(volume.span, f"the volume `{name}` is mounted here"),),
    )


def _from_others(
    container: Container, service: Service, chain: tuple[Service, ...]
) -> Iterator[Mount]:
    for item in service.texts("volumes_from").items:
        name, _, mode = (item.value or "").partition(":")
        other = service.project.services.get(name)
        if other is None or other in chain or len(chain) > _CHAIN:
            continue
        inherited = list(_of_service(container, other))
        inherited += _from_others(container, other, (*chain, service))
        for mount in inherited:
            where = f"`{name}` mounts `{mount.source}` here"
            yield Mount(
                container,
                item.span,
                mount.source,
                mount.target,
                "volumes_from",
                host=mount.host,
                writable=mount.writable and mode != "ro",
                read_only=mount.read_only or mode == "ro",
                because=(Related(mount.span, where), *mount.because),
            )


def _from_files(container: Container, section: str) -> Iterator[Mount]:
    """Yield the control sockets that come as the ``file`` of a config or a secret."""
    service = container.service
    written = service.value(section)
    for item in written.items if isinstance(written, Items) else ():
        source = item.get("source") if isinstance(item, Table) else item
        if not isinstance(source, Leaf):
            continue
        file = service.project.text(section, source.text, "file")
        if file is None or classify(file.text) is not HostPath.CONTROL_SOCKET:
            continue
        yield Mount(
            container,
            file.span,
            file.text,
            source.text,
            section,
            host=HostPath.CONTROL_SOCKET,
            writable=False,
            read_only=True,
            because=(Related(item.span, f"`{service.name}` gets it here"),),
        )
