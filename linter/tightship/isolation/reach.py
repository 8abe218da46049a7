"""Whether one container of a project can open connections to another one.

The daemon has its default settings (userland proxy, ``icc`` on the default bridge), the
host's firewall drops nothing more, and the other one listens on all addresses. Facts from
moby 26.1.5 (libnetwork/drivers/bridge), seen in a lab with Linux 6.18: rules between
networks are about packets that are *forwarded*, so that what listens on the host itself is
reached from every bridge network, an internal one too.
"""

from __future__ import annotations

from tightship.isolation.gateway_mode import MODES, TRUSTED
from tightship.isolation.namespaces import real_name
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue
from tightship.values import port, scalar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.isolation.container import Container
    from tightship.isolation.ports import Port
    from tightship.model.project import Project

    Kind = Literal["network namespace", "network", "host", "published port"]
    Verdict = Literal["yes", "no", "unknown"]

DEFAULT_BRIDGE = "bridge"
"""The network of ``network_mode: bridge``, which has no key in the project."""

_OPTION = "com.docker.network."
_ICC = f"{_OPTION}bridge.enable_icc"
# What Go's strconv.ParseBool takes for false; other words are refused.
_OFF = frozenset(("0", "f", "F", "false", "False", "FALSE"))
# Options that do not decide who reaches whom, and those that are looked at.
_PLAIN_OPTIONS = frozenset((
    _ICC,
    f"{_OPTION}bridge.name",
    f"{_OPTION}bridge.enable_ip_masquerade",
    f"{_OPTION}bridge.host_binding_ipv4",
    f"{_OPTION}container_iface_prefix",
    f"{_OPTION}driver.mtu",
    TRUSTED,
))  # fmt: skip
# Modes of a gateway that change nothing between the containers of this host.
_PLAIN_MODES = ("nat", "nat-unprotected")


class NetworkPath(Record):
    """A way from one container to another.

    ``kind`` is the ``network namespace`` that both have, a ``network`` that both joined,
    the ``host``, in whose network namespace one of them is, or a ``published port``.
    ``name`` is the key of the network, ``host``, the service that has the namespace, or
    the published ports with their protocol (``8080/tcp``). By a ``port`` only what
    listens on its target is reached, which may be another container in the namespace.
    """

    kind: Kind
    name: str
    port: Port | None = None

    def __repr__(self) -> str:
        return f"Way({self.kind}: {self.name})"


class Reach(Record):
    """What one container reaches of another one.

    ``ways`` are those that are certain. ``doubt`` is the reason why there may be more,
    or empty. ``names`` are those by which Docker's name server gives an address of the
    other one; it knows none outside of a network that both joined.
    """

    ways: tuple[NetworkPath, ...]
    doubt: str
    names: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Return whether a connection can be opened."""
        if self.ways:
            return "yes"
        return "unknown" if self.doubt else "no"


def reach(source: Container, target: Container) -> Reach:
    """Return what a container reaches of another one in its project."""
    near, far = Position(source), Position(target)
    if near.holder is not None and near.holder is far.holder:
        way = NetworkPath("network namespace", near.holder.name)
        return Reach((way,), "", _names(near, far))
    doubt = near.doubt or far.doubt
    if not doubt and any(finds(near, one) is None for one in target.reachable_ports):
        doubt = f"the address of a published port of `{target.name}` is not in the files"
    ways = tuple(_ways(near, far))
    return Reach(ways, doubt, _names(near, far))


def _ways(near: Position, far: Position) -> Iterator[NetworkPath]:
    if near.is_host and far.is_host:
        yield NetworkPath("network namespace", "host")
        return
    for network in near.networks:
        if network.is_bridge and network.is_open and network.key in far.keys:
            yield NetworkPath("network", network.key)
    # The host has an address on each bridge.
    if (near.is_host and far.bridges) or (far.is_host and near.bridges):
        yield NetworkPath("host", "host")
    for one in far.container.reachable_ports:
        if finds(near, one):
            outer = one.parsed.published or "a free port"
            yield NetworkPath("published port", f"{outer}/{one.parsed.protocol}", one)


def finds(near: Position, published: Port) -> bool | None:
    """Return whether a container reaches a published port; unknown for IPv6.

    From an internal network it does not: the packet becomes one for the other network,
    and is dropped.
    """
    if not published.decided:
        return None
    if near.is_host:
        return True
    if port.is_loopback(published.host_ip) or not near.is_out:
        return False
    return None if ":" in (published.host_ip or "") else True


class _Network:
    """A network as its options make it; ``is_bridge`` is false where they do not tell."""

    def __init__(self, project: Project, key: str) -> None:
        self.key = key
        self.is_open = True
        self.is_internal = False
        self.is_bridge = True
        if key == DEFAULT_BRIDGE and project.table("networks", key) is None:
            return
        table = project.table("networks", key)
        if table is None and _is_provided(project, key):
            self.is_bridge = False
            return
        driver = project.text("networks", key, "driver")
        internal = project.text("networks", key, "internal")
        icc = project.text("networks", key, "driver_opts", _ICC)
        options = (
            table.entries["driver_opts"].value if table and "driver_opts" in table.entries else None
        )
        names = options.entries.keys() if isinstance(options, MappingValue) else set[str]()

        def is_plain(name: str) -> bool:
            mode = project.text("networks", key, "driver_opts", name)
            return name in MODES and mode is not None and mode.text in _PLAIN_MODES

        self.is_bridge = (
            real_name(project, key) is None
            and all(one is None or one.decided for one in (driver, internal, icc))
            and (driver is None or driver.text in ("", "bridge", "default"))
            and all(name in _PLAIN_OPTIONS or is_plain(name) for name in names)
        )
        self.is_internal = bool(internal and scalar.as_bool(internal.text))
        self.is_open = icc is None or icc.text not in _OFF


def _is_provided(project: Project, network: str) -> bool:
    """Return whether something else than the files makes a network."""
    if network == "default" or network in project.names("networks"):
        return False
    return project.provides("networks", network)


class Position:
    """Where a container is in the network: in a namespace, with some networks.

    ``holder`` is the container that has the namespace, unknown outside of the project.
    ``doubt`` says why there may be more networks, or more ways through these.
    """

    def __init__(self, container: Container) -> None:
        self.container = container
        found = container.namespace("network")
        self.holder = container.namespace_holder("network")
        self.is_host = found.is_host
        self.networks: list[_Network] = []
        self.doubt = ""
        if found.owner in ("host", "none"):
            return
        if self.holder is None or found.owner != "own":
            self.doubt = f"the network of `{container.name}` is not in the files"
            return
        self._join(self.holder)

    def _join(self, holder: Container) -> None:
        mode = holder.text("network_mode")
        if mode.is_set:
            if mode.value in (DEFAULT_BRIDGE, "default"):
                self.networks = [_Network(holder.project, DEFAULT_BRIDGE)]
            else:
                doubt = f"`network_mode` of `{holder.name}` names another network"
                self.doubt = holder.settings.worded(doubt)
            return
        if not holder.texts("networks").all_decided:
            self.doubt = f"the networks of `{holder.name}` depend on variables"
        keys = holder.networks or ("default",)
        self.networks = [_Network(holder.project, key) for key in keys]
        strange = next((one for one in self.networks if not one.is_bridge), None)
        if strange is not None:
            self.doubt = f"the files do not show the traffic that network `{strange.key}` allows"

    @property
    def keys(self) -> set[str]:
        """Return the keys of its networks."""
        return {network.key for network in self.networks}

    @property
    def is_out(self) -> bool:
        """Return whether one of its bridges has a way out."""
        return any(not network.is_internal for network in self.bridges)

    @property
    def bridges(self) -> list[_Network]:
        """Return its networks that are bridges of the host."""
        return [network for network in self.networks if network.is_bridge]


def _names(near: Position, far: Position) -> tuple[str, ...]:
    """Return the names of a container on the networks that another one joined too.

    They are its service, ``container_name`` and ``hostname``, its ``aliases`` on that
    network, and the aliases of ``links`` of the other one. The default bridge has no
    name server. A name that several have may lead to any of them.
    """
    if far.holder is None or near.holder is None:
        return ()
    shared = (near.keys & far.keys) - {DEFAULT_BRIDGE}
    if not shared:
        return ()
    found = [far.holder.name]
    own = (far.holder.text(key).value for key in ("container_name", "hostname"))
    found += [name for name in own if name]
    for key in shared:
        aliases = far.holder.texts("networks", key, "aliases")
        found += [item.value for item in aliases.items if item.value]
    for item in near.holder.texts("links").items:
        name, colon, alias = (item.value or "").partition(":")
        if colon and name == far.holder.name:
            found.append(alias)
    return tuple(dict.fromkeys(found))
