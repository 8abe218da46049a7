"""The facts about a published port."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, maybe, unknown
from tightship.values import port as addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.isolation.ports import Port
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
    """Return the ports that a container publishes, one for each port of a range."""
    made, room = list[PortFact](), _MOST
    for published in container.ports:
        few = [*_single(published)] if _size(published) <= room else [_range(published)]
        room -= len(few)
        made += few
    mode = container.text("network_mode")
    hidden = container.may_have("ports") or not mode.decided
    every = container.settings.items("ports")
    whole = not hidden and (len(container.ports) >= len(every) or _publishes_nothing(container))
    return Items(container.span, tuple(Facts(PORT, one, one.span) for one in made), whole)


def _publishes_nothing(container: Container) -> bool:
    """Return whether the engine drops all ports, as in the network of the host."""
    return container.namespace("network").owner in ("host", "none") or not container.ports


def reachable(container: Container) -> Scalar:
    """Return whether other machines reach a port of a container's network namespace."""
    owner = container.namespace("network").owner
    if owner == "host":
        return Scalar(container.namespace("network").span, value=True)
    holder = container.namespace_holder("network")
    if holder is None or holder.may_have("ports"):
        return unknown(container.span)
    found = [_is_reachable(one) for one in holder.ports]
    if True in found:
        return Scalar(container.span, value=True)
    mode = holder.text("network_mode")
    is_open = None in found or not mode.decided
    return maybe(container.span, None if is_open else False)


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


def _port(published: Port, host: int | None, target: int | None) -> PortFact:
    span, undecided = published.span, published.parsed.undecided
    known = host is not None or (
        published.parsed.published is None and "published" not in undecided
    )
    return PortFact(
        span,
        Scalar(span, host, known=known),
        Scalar(span, target, known=target is not None),
        _address(published),
        Scalar(span, published.parsed.protocol, known="protocol" not in undecided),
        _is_reachable(published),
    )


def _range(published: Port) -> PortFact:
    first, last = published.parsed.first, published.parsed.last
    one, span = _port(published, None, None), published.span
    return one.replaced(host=Scalar(span, None, known=False, lowest=first, highest=last))


def _address(published: Port) -> Scalar:
    span = published.span
    if not published.decided:
        return unknown(span)
    is_any = addresses.is_any(published.host_ip)
    return Scalar(span, "0.0.0.0" if is_any else published.host_ip)  # a fact


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
        "protocol": Fact("text", "`tcp`, `udp` or `sctp`", lambda one: one.protocol),
        "reachable": Fact(
            "flag", "whether other machines reach it", lambda one: maybe(one.span, one.reachable)
        ),
    },
)
