"""The identity of items in merged lists, and the history of values: the last one wins.

The Specification does not say how; compose-go, override/uncity.go does (verified with
docker-compose 2.26.1).
"""

from __future__ import annotations

from tightship.frontends.compose.specification.accepts import kind
from tightship.frontends.compose.specification.shape import INT
from tightship.lazy import TYPE_CHECKING, LazyModule
from tightship.model.value import Entry, MappingValue, ScalarValue, SequenceValue, Value
from tightship.values import port

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.frontends.compose.specification.shape import Unique
    from tightship.model.reading import Step
    from tightship.values import device, mount
else:
    device = LazyModule("tightship.values.device")
    mount = LazyModule("tightship.values.mount")


def unique(items: list[Value], kind: Unique) -> list[Value]:
    """Return the items, each thing once: the last takes the place of the first.

    The one that stays keeps those that it replaces.
    """
    if not kind:
        return items
    identify = _IDENTITIES[kind]
    kept: list[Value] = []
    places: dict[object, int] = {}
    for item in items:
        identity = identify(item)
        if identity is None:
            kept.append(item)
        elif identity in places:
            loser = kept[places[identity]]
            if loser is not item:
                override(item, loser)
            kept[places[identity]] = item
        else:
            places[identity] = len(kept)
            kept.append(item)
    return kept


def text(item: Value | None) -> str | None:
    """Return the text of an item, or none where it is no scalar."""
    if not isinstance(item, ScalarValue) or item.is_null:
        return None
    return item.content if item.decided else item.text


def _name(item: Value) -> object:
    written = text(item)
    return None if written is None else written.partition("=")[0]


def _path(item: Value) -> object:
    return text(item.get("path") if isinstance(item, MappingValue) else item)


def _target(item: Value) -> object:
    if isinstance(item, MappingValue):
        return text(item.get("target"))
    written = text(item)
    return None if written is None else mount.parse(written).target


def _device(item: Value) -> object:
    if isinstance(item, MappingValue):
        return text(item.get("target")) or text(item.get("source"))
    written = text(item)
    return None if written is None else device.parse(written).target


def _port(item: Value) -> object:
    if isinstance(item, MappingValue):
        published = item.get("published")
        return (
            # To Compose, no number is equal to a text.
            isinstance(published, ScalarValue) and kind(published.node) == INT,
            text(item.get("host_ip")) or "0.0.0.0",
            text(item.get("published")) or "",
            text(item.get("target")),
            text(item.get("protocol")) or "tcp",
        )
    written = text(item)
    for one in port.parse(written or "") or ():
        host_ip = one.host_ip or "0.0.0.0"
        return False, host_ip, one.published or "", one.target, one.protocol
    return written


def _grant(folder: str) -> Callable[[Value], object]:
    def identity(item: Value) -> object:
        if not isinstance(item, MappingValue):
            written = text(item)
            return None if written is None else folder + written
        target = text(item.get("target"))
        return target or folder + (text(item.get("source")) or "")

    return identity


_IDENTITIES: dict[str, Callable[[Value], object]] = {
    "item": text,
    "name": _name,
    "path": _path,
    "target": _target,
    "device": _device,
    "port": _port,
    "secret": _grant("/run/secrets/"),
    "config": _grant("/"),
}


def alike(one: Value, other: Value) -> bool:
    """Return whether two values are equal, and relative to the same folder."""
    stack = [(one, other)]
    while stack:
        first, second = stack.pop()
        if first.reading.directory != second.reading.directory:
            return False
        if isinstance(first, ScalarValue) and isinstance(second, ScalarValue):
            if text(first) != text(second):
                return False
        elif isinstance(first, SequenceValue) and isinstance(second, SequenceValue):
            if len(first.items) != len(second.items):
                return False
            stack += zip(first.items, second.items, strict=True)
        elif isinstance(first, MappingValue) and isinstance(second, MappingValue):
            if first.entries.keys() != second.entries.keys():
                return False
            stack += (
                (entry.value, second.entries[name].value) for name, entry in first.entries.items()
            )
        else:
            return False
    return True


def plain_texts(value: Value) -> object:
    """Return the texts of a value, for comparison."""
    if isinstance(value, ScalarValue):
        return text(value)
    if isinstance(value, SequenceValue):
        return tuple(plain_texts(item) for item in value.items)
    return frozenset((key, plain_texts(entry.value)) for key, entry in value.entries.items())


# The most replaced values that a value keeps; no hand-written project has more layers.
MOST_OVERRIDDEN = 8


def override(winner: Value, loser: Value) -> None:
    """Record on a value another one that it replaces, the latest first."""
    lost = (loser, *loser.overridden, *winner.overridden)
    winner.overridden = lost[:MOST_OVERRIDDEN]


def with_step(value: Value, step: Step) -> Value:
    """Return a copy of a value and all below it, after one more step."""
    new = _with_step(value, step)
    # The values that these have replaced are among them already.
    new.overridden = tuple(_with_step(lost, step) for lost in value.overridden)
    return new


def _with_step(value: Value, step: Step) -> Value:
    provenance = (step, *value.provenance)
    bounds = value.reading.bounds
    if isinstance(value, ScalarValue):
        return value.copy(value.node, value.expansion, provenance)
    if isinstance(value, SequenceValue):
        items = value.children
        if items and not bounds.spend(len(items), value.node):
            items = []
        below = items and [with_step(item, step) for item in items]
        return SequenceValue(value.node, provenance, value.reading, below)
    entries = value.children
    if entries and not bounds.spend(len(entries), value.node):
        entries = {}
    copies = entries and {
        name: Entry(entry.key, with_step(entry.value, step), entry.earlier)
        for name, entry in entries.items()
    }
    table = MappingValue(value.node, provenance, value.reading, copies)
    # The layers of a service that another one extends are not that one's.
    if value.below is not None and step.kind != "extends":
        lower = with_step(value.below, step)
        table.below = lower if isinstance(lower, MappingValue) else None
    table.listed = value.listed
    return table
