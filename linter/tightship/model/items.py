"""Items of a container's lists, from short and long syntax alike."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, LazyModule, Record
from tightship.model.setting import Setting, flag_setting, text_setting
from tightship.model.value import MappingValue, ScalarValue
from tightship.values import mount, port, scalar
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.container_settings import ContainerSettings
    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.text import Span
    from tightship.values import device
else:
    device = LazyModule("tightship.values.device")  # few containers have any


class Volume(Record):
    """One entry of ``volumes``: a source, and the target that it is mounted at.

    ``kind`` is ``bind``, ``volume``, ``anonymous``, ``tmpfs``, ``npipe``, another
    type of the long syntax, or ``unknown`` where a variable decides. ``source`` and
    ``target`` may hold ``${NAME}`` where a variable has no value; ``undecided``
    names the parts to which that happened.
    """

    value: Value
    kind: str
    source: str | None
    target: str
    read_only: bool
    propagation: str | None = None
    selinux: str | None = None
    options: tuple[str, ...] = ()
    undecided: frozenset[str] = frozenset()

    @property
    def span(self) -> Span:
        """Return the place of the entry."""
        return self.value.span

    @property
    def place(self) -> Span:
        """Return the place of the source."""
        source = self._source()
        return source.span if source else self.span

    def place_of(self, *path: str) -> Span:
        """Return the place of a setting of the long syntax, or else of the entry."""
        found = self.value.get(*path) if isinstance(self.value, MappingValue) else None
        return found.span if found else self.span

    @property
    def provenance(self) -> tuple[Step, ...]:
        """Return the provenance of the source, of ``read_only`` and of ``type``."""
        if not isinstance(self.value, MappingValue):
            return self.value.provenance
        asked = (self._source(), self.value.get("read_only"), self.value.get("type"))
        leaves = [one for one in asked if one]
        if not self.undecided:
            leaves = [one.as_it_stands if isinstance(one, ScalarValue) else one for one in leaves]
        return tuple(step for leaf in leaves for step in leaf.provenance)

    def _source(self) -> Value | None:
        if not isinstance(self.value, MappingValue):
            return None
        return self.value.get("source") or self.value.get("src")

    @property
    def surely_writable(self) -> bool:
        """Return whether every run mounts it writable."""
        return not self.read_only and not self.undecided & {"read_only", "options"}

    @property
    def surely_read_only(self) -> bool:
        """Return whether every run mounts it read-only."""
        return self.read_only and not self.undecided & {"read_only", "options"}


def volumes(settings: ContainerSettings) -> Iterator[Volume]:
    """Yield the ``volumes`` of a container; an item that is null or a list is none."""
    for item in settings.items("volumes"):
        if isinstance(item, MappingValue):
            yield _long_volume(item)
        elif isinstance(item, ScalarValue) and not item.is_null:
            yield _short_volume(item)


def _short_volume(leaf: ScalarValue) -> Volume:
    parsed = mount.parse(leaf.text)
    return Volume(
        leaf,
        kind=parsed.kind,
        source=parsed.source,
        target=parsed.target,
        read_only=parsed.read_only,
        propagation=parsed.propagation,
        selinux=parsed.selinux,
        options=tuple(parsed.options),
        undecided=parsed.undecided,
    )


def as_it_stands(volume: Volume) -> Volume:
    """Return the mount that Compose makes of a partly known entry now."""
    value = volume.value
    if isinstance(value, MappingValue):
        return _long_volume(value, stands=True)
    assert isinstance(value, ScalarValue)
    leaf = value.as_it_stands
    return volume if mount.parse(leaf.text).problem else _short_volume(leaf)


def _long_volume(table: MappingValue, *, stands: bool = False) -> Volume:
    undecided: set[str] = set()

    def text(part: str, *path: str) -> str | None:
        leaf = table.get(*path)
        if not isinstance(leaf, ScalarValue):
            return None
        leaf = leaf.as_it_stands if stands else leaf
        if not leaf.decided:
            undecided.add(part)
        return leaf.content

    kind = text("kind", "type") or "volume"
    source = text("source", "source") or text("source", "src")
    read_only = scalar.as_bool(text("read_only", "read_only") or "false")
    return Volume(
        table,
        kind="unknown" if "kind" in undecided else kind,
        source=source,
        target=text("target", "target") or text("target", "dst") or "",
        read_only=bool(read_only),
        propagation=text("propagation", "bind", "propagation"),
        selinux=text("selinux", "bind", "selinux"),
        undecided=frozenset(undecided),
    )


class PortItem(Record):
    """One entry of ``ports``; ``mode`` is ``ingress`` or ``host`` (long syntax)."""

    value: Value
    port: port.PublishedPort
    mode: str

    @property
    def address_provenance(self) -> tuple[Step, ...]:
        """Return the provenance of the address that it is published on, if there is one."""
        value = self.value
        if isinstance(value, MappingValue):
            address = value.get("host_ip")
            return address.provenance if address else ()
        return value.provenance if self.port.host_ip is not None else ()


def ports(settings: ContainerSettings) -> Iterator[PortItem]:
    """Yield the ports of a container; an entry may be a range."""
    for value in settings.items("ports"):
        if isinstance(value, ScalarValue):
            for parsed in port.parse(value.content or "") or ():
                stands = value.as_it_stands if "host_ip" in parsed.undecided else value
                known = port.parse(stands.content or "") or [parsed]
                if known[0].host_ip is None:  # a variable is the whole address
                    known = [parsed]
                yield PortItem(value if known[0] is parsed else stands, known[0], "ingress")
        elif isinstance(value, MappingValue):
            yield from _long_port(value)


def _long_port(table: MappingValue) -> Iterator[PortItem]:
    texts: dict[str, str | None] = {}
    undecided: set[str] = set()
    for part in ("host_ip", "published", "target", "protocol", "mode"):
        leaf = table.get(part)
        texts[part] = leaf.content if isinstance(leaf, ScalarValue) else None
        if isinstance(leaf, ScalarValue) and not leaf.decided:
            undecided.add(part)
    parsed = port.PublishedPort(
        host_ip=texts["host_ip"],
        published=texts["published"],
        target=texts["target"] or "",
        protocol=texts["protocol"] or "tcp",
        undecided=frozenset(undecided),
    )
    yield PortItem(table, parsed, texts["mode"] or "ingress")


class DeviceItem(Record):
    """One entry of ``devices``: a device of the host, and its path in the container."""

    value: Value
    device: device.Device


def _device(leaf: ScalarValue) -> device.Device:
    """Return a device: without the variables in its path, if the rest names one."""
    parsed, rest = device.parse(leaf.text), device.parse(leaf.as_it_stands.text)
    return rest if "source" in parsed.undecided and _names_one(rest.source) else parsed


def _names_one(path: str) -> bool:
    return path.startswith("/dev/") and path != "/dev/"


def devices(settings: ContainerSettings) -> Iterator[DeviceItem]:
    """Yield the devices of a container."""
    for value in settings.items("devices"):
        if isinstance(value, ScalarValue) and not value.is_null:
            yield DeviceItem(value, _device(value))
        elif isinstance(value, MappingValue):
            leaves = {
                part: leaf
                for part in ("source", "target", "permissions")
                if isinstance(leaf := value.get(part), ScalarValue)
            }
            texts = {part: leaf.text for part, leaf in leaves.items()}
            if "source" in texts:
                rest = leaves["source"].as_it_stands.text
                texts["source"] = rest if _names_one(rest) else texts["source"]
                parsed = device.Device(
                    source=texts["source"],
                    target=texts.get("target", texts["source"]),
                    permissions=texts.get("permissions", "rwm"),
                    undecided=frozenset(part for part in texts if has_hole(texts[part])),
                )
                yield DeviceItem(value, parsed)


class Hook(Record):
    """A command that runs before, after or next to the main one.

    ``kind`` is ``pre_start``, ``post_start``, ``pre_stop``, or ``develop.watch`` for
    a command that runs when watched files change.
    """

    kind: str
    table: MappingValue

    @property
    def privileged(self) -> Setting[bool]:
        """Return whether the command gets all capabilities (default: it does not)."""
        leaf = self._leaf("privileged")
        return flag_setting(leaf) if leaf else Setting(self.table.span, None)

    @property
    def user(self) -> Setting[str]:
        """Return the command's user; absent means that of the main command."""
        leaf = self._leaf("user")
        return text_setting(leaf) if leaf else Setting(self.table.span, None)

    def _leaf(self, key: str) -> ScalarValue | None:
        leaf = self.table.get(key)
        if not isinstance(leaf, ScalarValue) or leaf.is_null:
            return None
        return leaf.standing(key)


def hooks(settings: ContainerSettings) -> Iterator[Hook]:
    """Yield a container's hooks, in the order in which they run."""
    for kind in ("pre_start", "post_start", "pre_stop"):
        for item in settings.items(kind):
            if isinstance(item, MappingValue):
                yield Hook(kind, item)
    for item in settings.items("develop", "watch"):
        command = item.get("exec") if isinstance(item, MappingValue) else None
        if isinstance(command, MappingValue):
            yield Hook("develop.watch", command)
