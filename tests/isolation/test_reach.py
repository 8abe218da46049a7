"""Whether one container reaches another, where records of a real engine do not show it."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.lab.comparison import Disk

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.containers import containers
from tightship.isolation.reach import Reach, reach


def reached(text: str) -> Reach:
    project = ComposeProject(Loading(Disk(dedent(text))), ["compose.yaml"])
    made = {one.name: one for one in containers(project)}
    return reach(made["a"], made["b"])


def services(a: str, b: str, networks: str = "{}") -> str:
    return f"services:\n  a: {{image: x, {a}}}\n  b: {{image: x, {b}}}\nnetworks: {networks}\n"


def test_services_share_the_default_network() -> None:
    found = reached("services: {a: {image: x}, b: {image: x}}\n")
    assert found.verdict == "yes"
    assert [(way.kind, way.name) for way in found.ways] == [("network", "default")]
    assert found.names == ("b",)


def test_without_a_network_nothing_is_reached() -> None:
    found = reached(services("network_mode: none", "networks: [default]"))
    assert (found.verdict, found.ways, found.doubt) == ("no", (), "")


@pytest.mark.parametrize(
    ("a", "b", "networks"),
    [
        ("networks: [x]", "networks: [x]", "{x: {external: true}}"),
        ("networks: [x]", "networks: [x]", "{x: {driver: macvlan}}"),
        ("networks: [x]", "networks: [y]", "{x: {driver: overlay}, y: {}}"),
        ("networks: [x]", "networks: [x]", '{x: {driver: "${DRIVER}"}}'),
        (
            "networks: [x]",
            "networks: [x]",
            "{x: {driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: routed}}}",
        ),
        ('networks: ["${N}"]', "networks: [x]", "{x: {}}"),
        ("network_mode: container:other", "networks: [x]", "{x: {}}"),
        ("network_mode: elsewhere", "networks: [x]", "{x: {}}"),
        ('network_mode: "${MODE}"', "networks: [x]", "{x: {}}"),
    ],
)
def test_undecided_connections_are_unknown(a: str, b: str, networks: str) -> None:
    found = reached(services(a, b, networks))
    assert found.verdict == "unknown"
    assert found.doubt


def test_a_certain_path_wins_over_possible_ones() -> None:
    found = reached(
        services("networks: [x, y]", "networks: [x, y]", "{x: {external: true}, y: {}}")
    )
    assert found.verdict == "yes"
    assert "`x`" in found.doubt


@pytest.mark.parametrize("port", ["${IP}:8080:80", "[::1]:8080:80"])
def test_an_uncertain_address_is_no_certain_path(port: str) -> None:
    found = reached(
        services("networks: [x]", f'networks: [y], ports: ["{port}"]', "{x: {}, y: {}}")
    )
    assert found.ways == ()
    assert found.verdict == ("no" if "::1" in port else "unknown")


@pytest.mark.parametrize("port", ["${P}:80", "80"])
def test_a_port_with_an_undecided_number_is_published(port: str) -> None:
    found = reached(
        services("networks: [x]", f'networks: [y], ports: ["{port}"]', "{x: {}, y: {}}")
    )
    assert found.verdict == "yes"


def test_a_published_port_is_a_path_to_its_listener() -> None:
    found = reached(
        services("networks: [x]", 'networks: [y], ports: ["8080:80"]', "{x: {}, y: {}}")
    )
    [way] = found.ways
    assert (way.kind, way.name) == ("published port", "8080/tcp")
    assert way.port is not None
    assert way.port.parsed.reaches(80)


def test_a_chain_of_namespaces_that_leads_back_is_unknown() -> None:
    found = reached(services("network_mode: service:b", "network_mode: service:a"))
    assert found.verdict == "unknown"
