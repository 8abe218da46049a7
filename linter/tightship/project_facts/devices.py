"""The facts about a device of the host that a container gets."""

from __future__ import annotations

from tightship.isolation.accelerators import VISIBLE
from tightship.isolation.container import MOUNTING
from tightship.isolation.host_path import normalise
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import DeviceItem, devices as mapped_devices
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.project_facts.mounts import mounts
from tightship.project_facts.values import (
    Fact,
    Facts,
    Group,
    Items,
    Scalar,
    last_ones,
    text,
    unknown,
)
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.value import Value
    from tightship.text import Span

_ASKING = ("devices", "gpus", "deploy")


class DeviceFact(Record):
    """A device: its path on the host, or the words of a request."""

    source: Scalar
    route: str
    permissions: Scalar

    @property
    def span(self) -> Span:
        """Return the place that brings it."""
        return self.source.span


def devices(container: Container) -> Items:
    """Return the devices of the host that a container gets by name or by path."""
    made = tuple(Facts(DEVICE, one, one.span, is_sure=sure) for one, sure in _devices(container))
    return Items(container.span, made, not _may_get_others(container))


def _may_get_others(container: Container) -> bool:
    """Return whether only a run decides a request, or the source of a mount."""
    if any(map(container.may_have, (*_ASKING, *MOUNTING))):
        return True
    asked = (("gpus",), ("runtime",), ("deploy", "resources", "reservations", "devices"))
    found = mounts(container)
    return (
        not found.whole
        or _image_may_ask(container)
        or any(_is_open(container.value(*path)) for path in asked)
        or not all(_is_known(one.get("source")) for one in found.items)
    )


def _image_may_ask(container: Container) -> bool:
    """Return whether the variables of its image may ask for GPUs: those of NVIDIA's do."""
    visible = container.environment.get(VISIBLE)
    is_left = visible is None or visible.value.value is None
    return (container.text("runtime").value or "").startswith("nvidia") and is_left


def _is_open(value: Value | None) -> bool:
    if isinstance(value, MappingValue):
        return any(_is_open(one.value) for one in value.entries.values())
    if isinstance(value, SequenceValue):
        return any(map(_is_open, value.items))
    return isinstance(value, ScalarValue) and not value.decided


def _is_known(fact: object) -> bool:
    return isinstance(fact, Scalar) and fact.known


def _devices(container: Container) -> Iterator[tuple[DeviceFact, bool]]:
    """Yield the devices; of several entries with one target, the last one counts."""
    for entry, is_sure in last_ones([*mapped_devices(container.settings)], _target):
        yield _mapped(entry), is_sure
    for one in container.devices:
        if one.mapped is None:
            route = "mounts" if one.mount is not None else "request"
            shown = one.source if one.requested else one.path
            yield DeviceFact(text(one.span, shown), route, Scalar(one.span)), True


def _target(entry: DeviceItem) -> str | None:
    is_open = {"source", "target"} & entry.device.undecided
    return None if is_open else entry.device.target


def _mapped(entry: DeviceItem) -> DeviceFact:
    value, parsed = entry.value, entry.device
    if isinstance(value, MappingValue):
        value = value.get("source") or value
    source = text(value.span, parsed.source)
    if not parsed.is_cdi:
        is_open = has_hole(parsed.source)
        source = unknown(value.span) if is_open else Scalar(value.span, normalise(parsed.source))
    # A variable before them may bring permissions of its own.
    known = not {"source", "target", "permissions"} & parsed.undecided
    permissions = Scalar(value.span, parsed.permissions if known else None, known=known)
    return DeviceFact(source, "devices", permissions)


DEVICE = Group(
    "device",
    "a device of the host; those that only `privileged` brings are not listed",
    {
        "source": Fact(
            "path", "the path on the host, or the name that is asked for", lambda one: one.source
        ),
        "route": Fact(
            "text",
            "`devices`, `mounts`, or `request` (`gpus`, `deploy`, `runtime`)",
            lambda one: Scalar(one.span, one.route),
            words="devices mounts request",
        ),
        "permissions": Fact("text", "the letters of `rwm`", lambda one: one.permissions),
    },
)
