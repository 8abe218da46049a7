"""The effective configuration, value by value, as Compose makes it of the merged tree.

Scalars have their printed form, by the place, and short ports, mounts and devices their
long form.
"""

from __future__ import annotations

import struct
from math import isfinite

from tightship.frontends.compose.specification.accepts import expected, is_integer, kind
from tightship.frontends.compose.specification.shape import BOOL, FLOAT, INT, TEXT, Shape
from tightship.model.value import ScalarValue
from tightship.values import device, mount, port, quantity, scalar
from tightship.values.quantity import nanoseconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal

    from tightship.model.value import Value
    from tightship.text import Span

    Scalar = None | bool | int | float | str
    Content = Scalar | list["Effective"] | dict[str, "Effective"]
    Put = Literal["", "default", "implied"]


class Effective:
    """A value in Compose's canonical form, and its place.

    ``content`` is a scalar, a list or a mapping. ``source`` is the value of the
    merged tree that it is made of, if there is one. ``put`` tells that the files do not
    have it: Compose adds it as a ``default``, or because something else implies it;
    then ``source`` and ``span`` are those of the reason. ``named`` is false where its
    key holds a variable without a value.
    """

    __slots__ = ("content", "named", "put", "source", "span")

    def __init__(
        self,
        content: Content,
        source: Value | None = None,
        *,
        span: Span | None = None,
        put: Put = "",
    ) -> None:
        self.content = content
        self.source = source
        self.span = source.span if span is None and source is not None else span
        self.put: Put = put
        self.named = True

    @property
    def decided(self) -> bool:
        """Return whether it holds no variable without a value."""
        return self.named and not (isinstance(self.source, ScalarValue) and not self.source.decided)

    @property
    def entries(self) -> dict[str, Effective]:
        """Return the entries of a mapping; anything else has none."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Effective]:
        """Return the items of a list; anything else has none."""
        return self.content if isinstance(self.content, list) else []

    @property
    def text(self) -> str:
        """Return a text; anything else has none."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def number(self) -> float:
        """Return a number; a size is written as text."""
        if isinstance(self.content, str):
            try:
                return int(self.content)
            except ValueError:
                return 0
        return self.content if isinstance(self.content, (int, float)) else 0

    def get(self, *path: str) -> Effective | None:
        """Return the value under keys one below the other."""
        found: Effective | None = self
        for key in path:
            found = found.entries.get(key) if found is not None else None
        return found

    def entries_of(self, key: str) -> dict[str, Effective]:
        """Return the entries of the mapping under a key, if there is one."""
        found = self.entries.get(key)
        return found.entries if found is not None else {}

    def text_of(self, key: str) -> str:
        """Return the text under a key, if there is one."""
        found = self.entries.get(key)
        return found.text if found is not None else ""

    def has(self, key: str) -> bool:
        """Return whether there is a value under a key, and not null."""
        found = self.entries.get(key)
        return found is not None and found.content is not None

    def at(self, pattern: tuple[str, ...]) -> Iterator[Effective]:
        """Yield the values at a path, in which ``*`` means all keys or items."""
        if not pattern:
            yield self
            return
        key, below = pattern[0], pattern[1:]
        if key != "*":
            found = self.entries.get(key)
            children = [] if found is None else [found]
        else:
            children = self.items or [*self.entries.values()]
        for child in children:
            yield from child.at(below)


_UNITS = ((3_600_000_000_000, "h"), (60_000_000_000, "m"), (1_000_000_000, "s"))
_SMALL_UNITS = ((1_000_000, "ms"), (1_000, "µs"), (1, "ns"))


class RefusedError(Exception):
    """Compose rejects a value; the message names the values that fit."""


def raw(leaf: ScalarValue) -> Scalar:
    """Return the YAML value of a scalar: after variables it is always text."""
    if leaf.templated or kind(leaf.node) == TEXT or "$" in leaf.node.value:
        return leaf.as_compose
    value = scalar.resolve(leaf.node.value).value
    if isinstance(value, float) and not isfinite(value):
        return scalar.canonical(leaf.node.value)
    return value


def text(leaf: ScalarValue) -> str:
    """Return the text that Compose makes of a scalar."""
    value = raw(leaf)
    if isinstance(value, str):
        return value
    return scalar.canonical(leaf.node.value) or ""


def printed(leaf: ScalarValue, shape: Shape) -> Scalar:
    """Return a scalar as Compose prints it in its place."""
    if leaf.is_null:
        return None
    value = raw(leaf)
    form = shape.form
    if form == "bool" or shape.scalars == BOOL:
        return _bool(value, strict=not form)
    if form in ("integer", "count"):
        return _integer(value, form)
    if form in ("number", "whole number"):
        return _number(value)
    if form == "size":
        return _size(value)
    if form == "duration":
        return _duration(value)
    if shape.anything:
        return value
    if shape.scalars & TEXT:
        return text(leaf)
    if shape.scalars & (INT | FLOAT) and isinstance(value, (int, float)):
        return int(value)
    raise RefusedError(expected(shape))


def _bool(value: Scalar, *, strict: bool) -> bool:
    if isinstance(value, bool):
        return value
    found = scalar.as_bool(value) if isinstance(value, str) and not strict else None
    if found is None:
        raise RefusedError("true or false")
    return found


def _integer(value: Scalar, form: str) -> int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(value)
    if form == "count" and value == "all":
        return -1
    if isinstance(value, str) and is_integer(value):
        return int(value)
    raise RefusedError("a whole number")


def _number(value: Scalar) -> int | float:
    if isinstance(value, str):
        value = scalar.as_float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise RefusedError("a number")
    if not isfinite(value):
        raise RefusedError("a number")
    return int(value) if value == value // 1 else _single(value)


def _single(value: float) -> float:
    """Return a number as Compose keeps it: with 24 bits, in the fewest digits."""
    try:
        packed = struct.pack("f", value)
    except OverflowError:
        return value
    shortest = (float(f"{value:.{digits}g}") for digits in range(1, 9))
    return next((s for s in shortest if struct.pack("f", s) == packed), value)


def _size(value: Scalar) -> str | None:
    """Return bytes as text; Compose ignores a YAML float."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        found = quantity.parse_bytes(value)
        if found is None:
            raise RefusedError("a size such as `512m`")
        return str(found)
    return None


def _duration(value: Scalar) -> str:
    found = nanoseconds(str(value)) if isinstance(value, (str, int)) else None
    if found is None:
        raise RefusedError("a duration such as `30s`")
    return go_duration(found)


def go_duration(nanoseconds: int) -> str:
    """Write a duration as Go does: ``1m30s``, ``1.5ms``."""
    if nanoseconds == 0:
        return "0s"
    rest, sign = abs(nanoseconds), "-" if nanoseconds < 0 else ""
    if rest < 1_000_000_000:
        scale, unit = next(unit for unit in _SMALL_UNITS if unit[0] <= rest)
        return f"{sign}{_decimal(rest, scale)}{unit}"
    shown = sign
    for scale, unit in _UNITS:
        if unit == "s":
            shown += _decimal(rest, scale) + unit
        elif rest >= scale or shown != sign:
            shown += f"{rest // scale}{unit}"
            rest %= scale
    return shown


def _decimal(value: int, scale: int) -> str:
    whole, rest = divmod(value, scale)
    digits = str(rest).zfill(len(str(scale)) - 1).rstrip("0") if rest else ""
    return f"{whole}.{digits}" if digits else str(whole)


def ports(text: str, leaf: ScalarValue) -> list[Effective]:
    """Return a port in long form, or each port of a range.

    They are in the order of their text, so 10 comes before 9 (verified with
    docker-compose 2.26.1).
    """
    parsed = port.parse(text)
    # Every variable has a value here: what still looks like one is text, `$${X}`.
    if parsed is None or any(one.undecided for one in parsed):
        raise RefusedError("a port such as `8080:80`")
    found: list[tuple[str, Effective]] = []
    for one in parsed:
        first, _, last = one.target.partition("-")
        count = int(last or first) - int(first) + 1
        if not leaf.reading.bounds.spend(5 * count, leaf.node):
            return []
        each = count > 1 or (one.published or "").find("-") < 0
        for number in range(count):
            published = one.published
            if published and each and one.first is not None:
                published = str(one.first + number)
            target = int(first) + number
            entries: dict[str, Scalar] = {
                "mode": "ingress",
                "host_ip": one.host_ip or None,
                "target": target,
                "published": published or None,
                "protocol": one.protocol,
            }
            found.append((f"{target}/{one.protocol}", _table(entries, leaf)))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def volume(text: str, leaf: ScalarValue) -> Effective:
    """Return a mount in long form."""
    parsed = mount.parse(text)
    if parsed.problem is not None:
        raise RefusedError("a mount such as `./data:/data`")
    bind = parsed.kind in ("bind", "npipe")
    kind = "bind" if bind else "volume"
    read_only = parsed.read_only or None
    made = _table(
        {"type": kind, "source": parsed.source, "target": parsed.target, "read_only": read_only},
        leaf,
    )
    options = {"selinux": parsed.selinux or None, "propagation": parsed.propagation or None}
    bound = _table(options, leaf)
    if bind:
        bound.entries["create_host_path"] = Effective(True, leaf, put="implied")
    if bind or bound.entries:
        made.entries["bind"] = bound
    nocopy = "nocopy" in parsed.options
    # A text of one or two characters is a path that Compose does not look into.
    if nocopy or (not bind and len(text) > 2):
        copies = {"nocopy": Effective(True, leaf)} if nocopy else {}
        made.entries["volume"] = Effective(copies, leaf)
    return made


def device_of(text: str, leaf: ScalarValue) -> Effective:
    """Return a device in long form."""
    parsed = device.parse(text)
    if parsed.problem is not None:
        raise RefusedError("a device such as `/dev/fuse`")
    permissions = parsed.permissions
    parts = {"source": parsed.source, "target": parsed.target, "permissions": permissions}
    return _table(parts, leaf)


def _table(contents: Mapping[str, Scalar], leaf: ScalarValue) -> Effective:
    """Return a mapping of what a short form has; None is what it lacks."""
    entries = {key: Effective(one, leaf) for key, one in contents.items() if one is not None}
    return Effective(entries, leaf)
