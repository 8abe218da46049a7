"""The long forms of short ports, mounts and devices."""

from __future__ import annotations

from tightship.frontends.compose.effective.forms import RefusedError
from tightship.frontends.compose.effective.value import Effective
from tightship.values import device, mount, port

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.model.value import ScalarValue


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
            entries: dict[str, Effective] = {"mode": Effective("ingress", leaf)}
            if one.host_ip:
                entries["host_ip"] = Effective(one.host_ip, leaf)
            entries["target"] = Effective(target, leaf)
            if published:
                entries["published"] = Effective(published, leaf)
            entries["protocol"] = Effective(one.protocol, leaf)
            found.append((f"{target}/{one.protocol}", Effective(entries, leaf)))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def volume(text: str, leaf: ScalarValue) -> Effective:
    """Return a mount in long form."""
    parsed = mount.parse(text)
    if parsed.problem is not None:
        raise RefusedError("a mount such as `./data:/data`")
    bind = parsed.kind in ("bind", "npipe")
    kind = "bind" if bind else "volume"
    entries = {"type": Effective(kind, leaf)}
    if parsed.source is not None:
        entries["source"] = Effective(parsed.source, leaf)
    entries["target"] = Effective(parsed.target, leaf)
    if parsed.read_only:
        entries["read_only"] = Effective(True, leaf)
    options: dict[str, Effective] = {}
    if parsed.selinux:
        options["selinux"] = Effective(parsed.selinux, leaf)
    if parsed.propagation:
        options["propagation"] = Effective(parsed.propagation, leaf)
    if bind:
        options["create_host_path"] = Effective(True, leaf, put="implied")
    if bind or options:
        entries["bind"] = Effective(options, leaf)
    nocopy = "nocopy" in parsed.options
    # A text of one or two characters is a path that Compose does not look into.
    if nocopy or (not bind and len(text) > 2):
        copies = {"nocopy": Effective(True, leaf)} if nocopy else {}
        entries["volume"] = Effective(copies, leaf)
    return Effective(entries, leaf)


def device_of(text: str, leaf: ScalarValue) -> Effective:
    """Return a device in long form."""
    parsed = device.parse(text)
    if parsed.problem is not None:
        raise RefusedError("a device such as `/dev/fuse`")
    return Effective(
        {
            "source": Effective(parsed.source, leaf),
            "target": Effective(parsed.target, leaf),
            "permissions": Effective(parsed.permissions, leaf),
        },
        leaf,
    )
