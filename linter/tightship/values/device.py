"""``devices`` and ``device_cgroup_rules``."""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.values.hole import mask

TYPE_CHECKING = False

_CDI = regex(
    r"[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?/[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?"
    r"=[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?"
)
_RULE = regex(r"([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})")


class Device(Record):
    """A device of the host that a container gets.

    ``permissions`` are letters of ``rwm``: read, write, make a node. ``is_cdi`` is true
    if the source is not a path but a name of the Container Device Interface, such as
    ``vendor.com/class=name``. ``undecided`` names the parts with holes; ``problem``
    says why Compose rejects the entry.
    """

    source: str
    target: str
    permissions: str
    is_cdi: bool = False
    undecided: frozenset[str] = frozenset()
    problem: str | None = None

    def __repr__(self) -> str:
        return f"Device({self.source}, {self.target}, {self.permissions})"


def parse(text: str) -> Device:
    """Read an entry of ``devices``: ``source[:target[:permissions]]``.

    Two parts are always source and target: ``/dev/sda:r`` maps the disk, with all
    permissions, to the path ``r`` (verified with docker-compose 2.26.1).
    """
    masked = mask(text)
    parts: list[str] = []
    start = 0
    for part in masked.split(":"):
        parts.append(text[start : start + len(part)])
        start += len(part) + 1
    problem = "there are too many colons" if len(parts) > 3 else None
    source, target, permissions = (*parts, "", "")[:3]
    named = (("source", source), ("target", target), ("permissions", permissions))
    undecided = [name for name, part in named if mask(part) != part]
    if "source" in undecided and not target:
        undecided.append("target")
    return Device(
        source,
        target or source,
        permissions or "rwm",
        is_cdi=_CDI.fullmatch(source) is not None,
        undecided=frozenset(undecided),
        problem=problem,
    )


class DeviceRule(Record):
    """A rule that lets a container use devices of a kind.

    ``type`` is ``b`` (block), ``c`` (character) or ``a`` (both); a ``None`` number
    means any.
    """

    type: str
    major: int | None
    minor: int | None
    access: str

    def __repr__(self) -> str:
        return f"DeviceRule({self.type}, {self.major}, {self.minor}, {self.access})"


def parse_rule(text: str) -> DeviceRule | None:
    """Read ``c 1:3 rwm``; ``None`` if the engine rejects it.

    Compose passes any string on (the pattern is that of moby 26.1.5,
    oci/oci.go).
    """
    found = _RULE.fullmatch(text)
    if not found or len(text) > 64:
        return None
    major, minor = (None if n == "*" else int(n) for n in (found[2], found[3]))
    return DeviceRule(found[1], major, minor, found[4])


def is_rejected_rule(text: str) -> bool:
    """Tell whether the engine surely rejects a device rule, whatever its variables."""
    return mask(text) == text and _RULE.fullmatch(text) is None
