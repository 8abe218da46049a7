"""The facts about the networks of a service, and about its peers there."""

from __future__ import annotations

from tightship.isolation.namespaces import joined_networks, real_name
from tightship.lazy import Record
from tightship.model.value import MappingValue
from tightship.project_facts.definition import Fact, Group
from tightship.project_facts.tables import is_external, top_level_switch
from tightship.project_facts.values import Facts, Items, Scalar, text, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.isolation.container import Container
    from tightship.text import Span


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
