"""The facts about the networks of a service, and about its peers there."""

from __future__ import annotations

from tightship.isolation.namespaces import joined_networks, real_name
from tightship.lazy import Record
from tightship.model.value import MappingValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.values import Facts, Items, Scalar, maybe, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.text import Span


class NetworkUse(Record):
    """A network that a container joins, by its key at the top level."""

    container: Container
    name: str
    span: Span


def networks(container: Container) -> Items:
    """Return the networks that a container joins; none with `network_mode`."""
    mode = container.text("network_mode")
    if mode.is_set or not mode.decided:
        return Items(container.span, whole=mode.is_set)
    joined = joined_networks(container.settings)
    listed = container.texts("networks")
    whole = listed.all_decided or isinstance(container.value("networks"), MappingValue)
    uses = [NetworkUse(container, one.value, one.span) for one in joined if one.value]
    if not uses and whole and container.value("networks") is None:
        uses = [NetworkUse(container, "default", container.span)]
    whole = whole and not container.may_have("networks")
    return Items(container.span, tuple(Facts(NETWORK, one, one.span) for one in uses), whole)


def _of_network(use: NetworkUse, key: str) -> Scalar:
    project = use.container.project
    leaf = project.text("networks", use.name, key)
    return Scalar(use.span) if leaf is None else text(leaf.span, leaf.text)


def _internal(use: NetworkUse) -> Scalar:
    found = _of_network(use, "internal")
    if found.value is None:
        return maybe(found.span, False if found.known else None)
    return maybe(found.span, str(found.value).lower() in ("true", "yes", "on", "y", "1"))


def _real_name(use: NetworkUse) -> Scalar:
    found = real_name(use.container.project, use.name)
    return Scalar(use.span, found, known=found != "")


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
        "name": Fact("text", "the key below `networks`", lambda use: Scalar(use.span, use.name)),
        "external": Fact(
            "flag",
            "whether it is made elsewhere",
            lambda use: maybe(use.span, real_name(use.container.project, use.name) is not None),
        ),
        "real-name": Fact("text", "the name of an external network at the engine", _real_name),
        "internal": Fact("flag", "whether it has no way out", _internal),
        "driver": Fact("text", "the driver", lambda use: _of_network(use, "driver")),
    },
)
