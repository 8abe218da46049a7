"""The facts about a published port, and about the use of a network."""

from __future__ import annotations

from tightship.isolation.gateway_mode import MODES, open_gateway
from tightship.isolation.namespaces import joined_networks, real_name
from tightship.isolation.network_connections import ON_THE_LAN, is_on_the_lan
from tightship.isolation.ports import Port
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import ports as published_ports
from tightship.model.value import MappingValue, ScalarValue
from tightship.project_facts.tables import is_external, top_level_switch
from tightship.project_facts.values import Fact, Facts, Group, Items, Scalar, maybe, text, unknown
from tightship.values import port as addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.model.value import Value
    from tightship.text import Span


# More ports of one service are a range, not one fact for each.
_MOST = 1000


class PortFact(Record):
    """One port of the host, or a range of many."""

    span: Span
    host: Scalar
    container: Scalar
    address: Scalar
    protocol: Scalar
    reachable: bool | None


def ports(container: Container) -> Items:
    """Return the ports that a service asks for, one for each port of a range.

    The engine drops them without a network to publish them from.
    """
    made, room = dict[object, PortFact](), _MOST
    dropped = [
        Port(container, one, one.port.host_ip) for one in published_ports(container.settings)
    ]
    for published in container.ports or dropped:
        is_many = _size(published) > room or _is_choice(published)
        few = [_range(published)] if is_many else [*_single(published)]
        if not container.ports:
            few = [one.replaced(reachable=False) for one in few]
        room -= len(few)
        for one in few:
            made.setdefault(_key(one, published), one)
    whole = not container.may_have("ports") and all(map(_is_read, container.items("ports")))
    facts = (
        # What a variable decides may be a port that is there already.
        Facts(PORT, one, one.span, is_sure=len(made) == 1 or key is not one)
        for key, one in made.items()
    )
    return Items(container.span, tuple(facts), whole)


def _key(one: PortFact, published: Port) -> object:
    """Return what two entries have alike that Compose takes for one; if unknown, itself."""
    parts = (one.host, one.container, one.address, one.protocol)
    is_known = all(part.known for part in parts)
    return (published.host_ip, *(part.value for part in parts)) if is_known else one


def _is_read(entry: Value) -> bool:
    """Return whether an entry is as many ports as it seems: a variable may hold a range."""
    if not isinstance(entry, ScalarValue):
        return True
    found = addresses.parse(entry.content or "") or ()
    return bool(found) and not any("target" in one.undecided for one in found)


def _is_choice(published: Port) -> bool:
    """Return whether the engine picks one port of a range, for a single one of the container."""
    targets = _targets(published)
    return _size(published) > 1 and targets is not None and targets[0] == targets[1]


def reachable(container: Container) -> Scalar:
    """Return whether other machines reach a port of a container's network namespace."""
    owner = container.namespace("network").owner
    if owner == "host":
        return Scalar(container.namespace("network").span, value=True)
    if owner == "unknown" or owner.startswith("container:"):
        return unknown(container.namespace("network").span)
    holder = container.namespace_holder("network")
    if holder is None or holder.may_have("ports"):
        return unknown(container.span)
    found = [None if "host_ip" in _undecided(p) else _is_reachable(p) for p in holder.ports]
    found += [_has_own_address(holder, name) for name in holder.networks]
    if True in found:
        return Scalar(container.span, value=True)
    mode = holder.text("network_mode")
    is_open = None in found or not mode.decided or holder.may_have("networks")
    return maybe(container.span, None if is_open else False)


def _has_own_address(container: Container, network: str) -> bool | None:
    """Return whether a network lets other machines reach every port of a container."""
    project = container.project
    gateway, driver = open_gateway(project, network), project.text("networks", network, "driver")
    if gateway is not None and gateway.every_port:
        return True
    options = project.table("networks", network)
    found = [driver] if options is None else [driver, *_modes(options)]
    if any(one is not None and not one.decided for one in found):
        return None
    if driver is not None and driver.text in ON_THE_LAN:
        return is_on_the_lan(project, network) or None
    return False


def _modes(network: MappingValue) -> Iterator[ScalarValue]:
    for name in MODES:
        found = network.get("driver_opts", name)
        if isinstance(found, ScalarValue):
            yield found


def _is_reachable(published: Port) -> bool | None:
    if published.surely_reachable:
        return True
    return False if published.decided else None


def _size(published: Port) -> int:
    first, last = published.parsed.first, published.parsed.last
    return 1 if first is None or last is None else last - first + 1


def _single(published: Port) -> Iterator[PortFact]:
    first = published.parsed.first
    targets = _targets(published)
    for offset in range(_size(published)):
        target = None if targets is None else min(targets[0] + offset, targets[1])
        host = None if first is None else first + offset
        yield _port(published, host, target)


def _targets(published: Port) -> tuple[int, int] | None:
    first, _, last = published.parsed.target.partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()):
        return None
    return int(first), int(last or first)


def _undecided(published: Port) -> frozenset[str]:
    """Return the parts that a variable may decide; in a text it may bring those before it."""
    undecided = published.parsed.undecided
    if isinstance(published.published.value, ScalarValue):
        if "target" in undecided:
            return frozenset(("host_ip", "published", "target", "protocol"))
        if "published" in undecided:
            return undecided | {"host_ip"}
    return undecided


def _port(published: Port, host: int | None, target: int | None) -> PortFact:
    span, undecided = published.span, _undecided(published)
    known = host is not None or (
        published.parsed.published is None and "published" not in undecided
    )
    return PortFact(
        span,
        Scalar(span, host, known=known),
        Scalar(span, target, known=target is not None),
        unknown(span) if "host_ip" in undecided else _address(published),
        Scalar(span, published.parsed.protocol, known="protocol" not in undecided),
        None if "host_ip" in undecided else _is_reachable(published),
    )


def _range(published: Port) -> PortFact:
    first, last = published.parsed.first, published.parsed.last
    targets, span = _targets(published), published.span
    is_one = targets is not None and targets[0] == targets[1]
    one = _port(published, None, targets[0] if targets is not None and is_one else None)
    return one.replaced(host=Scalar(span, None, known=False, lowest=first, highest=last))


def _address(published: Port) -> Scalar:
    span = published.span
    if not published.decided:
        return unknown(span)
    is_any = addresses.is_any(published.host_ip)
    return Scalar(span, "0.0.0.0" if is_any else published.host_ip)


PORT = Group(
    "port",
    "a published port",
    {
        "host": Fact(
            "number", "the port of the host; absent if the engine picks one", lambda one: one.host
        ),
        "container": Fact("number", "the port of the container", lambda one: one.container),
        "address": Fact(
            "text", "the address of the host; `0.0.0.0` is every one", lambda one: one.address
        ),
        "protocol": Fact(
            "text", "`tcp`, `udp` or `sctp`", lambda one: one.protocol, words="tcp udp sctp"
        ),
        "reachable": Fact(
            "flag", "whether other machines reach it", lambda one: maybe(one.span, one.reachable)
        ),
    },
)


class NetworkUse(Record):
    """A network that a container joins, by its key at the top level.

    Without a ``key``, it is one of the engine that `network_mode` names.
    """

    container: Container
    key: str
    span: Span
    real_name: str = ""


def networks(container: Container) -> Items:
    """Return the networks that a container joins, or the one whose namespace it shares."""
    holder, mode = container.namespace_holder("network"), container.text("network_mode")
    if holder is None or not mode.decided or (mode.value or "").startswith("container:"):
        return Items(container.span, whole=False)
    if holder is not container:
        return networks(holder)
    if mode.is_set:
        name = {"default": "bridge"}.get(mode.value or "", mode.value)
        use = NetworkUse(container, "", mode.span, name or "bridge")
        return Items(mode.span, () if name == "none" else (Facts(NETWORK, use, mode.span),))
    joined = joined_networks(container.settings)
    listed = container.texts("networks")
    whole = listed.all_decided or isinstance(container.value("networks"), MappingValue)
    uses = [NetworkUse(container, one.value, one.span) for one in joined if one.value]
    whole = whole and not container.may_have("networks")
    if not uses and whole:  # an empty list is that network, too
        uses = [NetworkUse(container, "default", container.span)]
    return Items(container.span, tuple(Facts(NETWORK, one, one.span) for one in uses), whole)


def _external(use: NetworkUse) -> Scalar:
    if use.real_name:
        return Scalar(use.span, value=True)
    return is_external(use.container.project, "networks", use.key, use.span)


def _internal(use: NetworkUse) -> Scalar:
    """Return whether it has no way out; of one made elsewhere, files know nothing."""
    external = _external(use)
    if external.value is not False and use.real_name not in ("bridge", "host"):
        return unknown(external.span)
    return top_level_switch(use.container.project, "networks", use.key, "internal", use.span)


def _real_name(use: NetworkUse) -> Scalar:
    if use.real_name:
        return Scalar(use.span, use.real_name)
    if not _external(use).known:
        return unknown(use.span)
    found = real_name(use.container.project, use.key)
    return Scalar(use.span, found, known=found != "")


def _driver(use: NetworkUse) -> Scalar:
    if use.real_name in ("bridge", "host"):
        return Scalar(use.span, use.real_name)
    external = _external(use)
    if external.value is not False:
        return unknown(external.span)
    leaf = use.container.project.text("networks", use.key, "driver")
    return Scalar(use.span, "bridge") if leaf is None else text(leaf.span, leaf.text)


def peers(container: Container) -> Items:
    """Return the containers of the project that can connect to one."""
    from tightship.isolation.reach import reach  # few ask
    from tightship.project_facts.services import SERVICE

    made, whole = list[Facts](), container.settings.complete
    for other in container.siblings.values():
        if other is container:
            continue
        verdict = reach(other, container).verdict
        if verdict == "yes":
            made.append(Facts(SERVICE, other, other.span))
        whole = whole and verdict != "unknown"
    return Items(container.span, tuple(made), whole)


NETWORK = Group(
    "network",
    "a network that a service joins",
    {
        "name": Fact(
            "text",
            "the key below `networks`; absent for one that `network_mode` names",
            lambda use: Scalar(use.span, use.key or None),
        ),
        "external": Fact("flag", "whether it is made elsewhere", _external),
        "real-name": Fact(
            "text", "the name of an external network at the engine, such as `host`", _real_name
        ),
        "internal": Fact("flag", "whether it has no way out", _internal),
        "driver": Fact("text", "the driver", _driver),
    },
)
