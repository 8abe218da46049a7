"""The facts about a device of the host that a container gets."""

from __future__ import annotations

from tightship.isolation.host_path import normalise
from tightship.lazy import Record
from tightship.model.items import devices as mapped_devices
from tightship.model.value import MappingValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
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
    made = tuple(Facts(DEVICE, one, one.span) for one in _devices(container))
    whole = not any(map(container.may_have, _ASKING))
    return Items(container.span, made, whole)


def _devices(container: Container) -> Iterator[DeviceFact]:
    for entry in mapped_devices(container.settings):
        value, parsed = entry.value, entry.device
        if isinstance(value, MappingValue):
            value = value.get("source") or value
        source = text(value.span, parsed.source)
        if source.known and not parsed.is_cdi:
            source = Scalar(value.span, normalise(parsed.source))
        known = "permissions" not in parsed.undecided
        permissions = Scalar(value.span, parsed.permissions if known else None, known=known)
        yield DeviceFact(source, "devices", permissions)
    for one in container.devices:
        if one.mapped is None:
            route = "mounts" if one.mount is not None else "request"
            shown = one.source if one.requested else one.path
            yield DeviceFact(text(one.span, shown), route, Scalar(one.span))


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
        ),
        "permissions": Fact("text", "the letters of `rwm`", lambda one: one.permissions),
    },
)
