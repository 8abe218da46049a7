"""The rule `unfiltered-network`, and the map of such networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.connection import OUTSIDE
from tightship.isolation.containers import containers
from tightship.isolation.network_connections import Networking
from tightship.rules.compose.network.unfiltered_network import unfiltered_network
from tightship.text import Source

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

BRIDGE = "com.docker.network.bridge."


def project(options: str, body: str = "", network: str = "") -> str:
    """Return two services on a network with some options, and one on another."""
    return f"""
services:
  db: {{image: postgres, networks: [back]{body}}}
  api: {{image: x, networks: [back, front]}}
  web: {{image: nginx, networks: [front]}}
networks:
  front: {{}}
  back: {{driver_opts: {{{options}}}{network}}}
"""


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_every_port_is_open_without_protection(judge: Judge, family: str) -> None:
    [one] = judge(project(f"{BRIDGE}gateway_mode_{family}: nat-unprotected"), [unfiltered_network])
    assert one.finding.message == (
        f"network `back` has `gateway_mode_{family}: nat-unprotected`: other hosts that"
        " route to it reach every port of `db`, `api`, published or not"
    )


@pytest.mark.parametrize(
    "options", [f"{BRIDGE}gateway_mode_ipv4: routed", f"{BRIDGE}trusted_host_interfaces: eth0"]
)
def test_an_address_of_the_host_does_not_bind_a_direct_port(judge: Judge, options: str) -> None:
    bound = project(options, ", ports: ['127.0.0.1:5432:5432']")
    [one] = judge(bound, [unfiltered_network])
    assert one.finding.message.endswith(
        "other hosts reach port 5432 of service `db` at the container's address, although"
        " it is published on `127.0.0.1`"
    )


@pytest.mark.parametrize(
    "text",
    [
        project(f"{BRIDGE}gateway_mode_ipv4: nat"),
        project(f"{BRIDGE}gateway_mode_ipv4: routed"),
        project(f"{BRIDGE}gateway_mode_ipv4: routed", ", ports: ['5432:5432']"),
        project(f"{BRIDGE}gateway_mode_ipv4: '${{MODE}}'"),
        project(f"{BRIDGE}gateway_mode_ipv4: nat-unprotected", network=", driver: x"),
        project(f"{BRIDGE}enable_icc: 'false'"),
    ],
)
def test_other_networks_are_silent(found: Found, text: str) -> None:
    assert found(text, unfiltered_network) == []


def test_the_default_network_counts(found: Found) -> None:
    text = f"""
services:
  db: {{image: postgres}}
  host: {{image: x, network_mode: host}}
networks:
  default: {{driver_opts: {{{BRIDGE}gateway_mode_ipv4: nat-unprotected}}}}
"""
    assert found(text, unfiltered_network) == [("warning", "nat-unprotected")]


class Disk:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)


def outside(text: str) -> dict[str, tuple[str, bool]]:
    """Return what other hosts reach, with the reason and whether it is certain."""
    made = containers(ComposeProject(Loading(Disk(text)), ["compose.yaml"]))
    return {
        node.name: (one.reason(node), one.certain)
        for one in Networking(made).connections
        if OUTSIDE in one.sources
        for node in one.targets
    }


def test_the_map_has_an_edge_from_outside() -> None:
    unprotected = project(f"{BRIDGE}gateway_mode_ipv4: nat-unprotected")
    reason = ("network `back`, every port", True)
    assert outside(unprotected) == {"db": reason, "api": reason}
    bound = ", ports: ['127.0.0.1:5432:5432']"
    assert outside(project(f"{BRIDGE}gateway_mode_ipv4: nat", bound)) == {}
    routed = project(f"{BRIDGE}gateway_mode_ipv4: routed", bound)
    assert outside(routed) == {"db": ("port 5432/tcp", True)}
    assert outside(project(f"{BRIDGE}gateway_mode_ipv4: routed")) == {}


@pytest.mark.parametrize(
    ("network", "certain"),
    [
        ("driver: macvlan, driver_opts: {parent: eth0}", True),
        ("driver: ipvlan, driver_opts: {parent: eth0, ipvlan_mode: l2}", True),
        ("driver: ipvlan, driver_opts: {parent: eth0, ipvlan_mode: l3}", False),
        ("driver: macvlan, driver_opts: {parent: '${LINK}'}", False),
        ("driver: macvlan", False),
        ("driver: macvlan, driver_opts: {parent: eth0}, internal: true", False),
    ],
)
def test_a_container_on_the_link_of_the_host_is_reached(network: str, certain: bool) -> None:
    text = f"services: {{s: {{image: x}}}}\nnetworks: {{default: {{{network}}}}}\n"
    assert outside(text) == {"s": ("network `of the host`", certain)}
