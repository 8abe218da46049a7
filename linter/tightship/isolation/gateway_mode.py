"""Bridge networks whose options open ports of containers to other hosts.

Engine 27 has the modes of a gateway, and Engine 28.2 trusted interfaces (Docker
documentation, Port publishing and mapping; moby/moby#47871, #49832). Other hosts have to
route to the network through the host, which hosts on the same link can do by themselves.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.project import Project
    from tightship.text import Span

_BRIDGE = "com.docker.network.bridge."
MODES = (f"{_BRIDGE}gateway_mode_ipv4", f"{_BRIDGE}gateway_mode_ipv6")
"""The options with the mode of a network's gateway, for each family of addresses."""
TRUSTED = f"{_BRIDGE}trusted_host_interfaces"
"""The option with the interfaces of the host that reach published ports directly."""


class OpenGateway(Record):
    """What an option opens: every port, or each published one at any address.

    ``span`` is the place of the option's value, and ``option`` its name and value.
    """

    project: Project
    network: str
    option: str
    span: Span
    every_port: bool


def open_gateways(project: Project) -> Iterator[OpenGateway]:
    """Yield what the options of each network open."""
    for network in project.names("networks"):
        gateway = open_gateway(project, network)
        if gateway is not None:
            yield gateway


def open_gateway(project: Project, network: str) -> OpenGateway | None:
    """Return what the options of a network open most widely, if they do."""
    table = project.table("networks", network)
    if table is None:
        return None
    driver = project.text("networks", network, "driver")
    if driver is not None and driver.text not in ("", "bridge", "default"):
        return None
    options = table.get("driver_opts")
    if not isinstance(options, MappingValue):
        return None
    found: list[OpenGateway] = []
    for name in (*MODES, TRUSTED):
        value = options.get(name)
        if isinstance(value, ScalarValue) and value.decided and value.text:
            short = f"{name.removeprefix(_BRIDGE)}: {value.text}"
            every = value.text == "nat-unprotected" and name != TRUSTED
            if every or value.text == "routed" or name == TRUSTED:
                found.append(OpenGateway(project, network, short, value.span, every_port=every))
    return max(found, key=lambda one: one.every_port, default=None)
