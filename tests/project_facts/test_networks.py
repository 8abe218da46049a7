"""Networks and ports: what a container joins, publishes, and is reached by."""

from __future__ import annotations

import pytest
from tests.project_facts.views import listed, of_service, plain, service

from tightship.project_facts.values import Items

NAMES = ("name", "real-name", "external", "internal", "driver")


@pytest.mark.parametrize(
    ("body", "more", "expected"),
    [
        ("", "", [("default", None, False, False, "bridge")]),
        ("networks: [n]", "networks: {n: {internal: true}}\n", [("n", None, False, True, "bridge")]),
        ("networks: [n]", "networks: {n: {external: true}}\n", [("n", "n", True, ..., ...)]),
        ("networks: [n]", "networks: {n: {external: '${E:-true}'}}\n", [("n", "n", True, ..., ...)]),
        ("networks: [n]", "networks: {n: {external: '${E}'}}\n", [("n", ..., ..., ..., ...)]),
        ("networks: [n]", "networks: {n: {external: true, name: m}}\n", [("n", "m", True, ..., ...)]),
        ("network_mode: bridge", "", [(None, "bridge", True, False, "bridge")]),
        ("network_mode: host", "", [(None, "host", True, False, "host")]),
        ("network_mode: none", "", []),
        # The name of any network of the engine.
        ("network_mode: corp", "", [(None, "corp", True, ..., ...)]),
    ],
)  # fmt: skip
def test_networks_that_a_service_joins(body: str, more: str, expected: list[object]) -> None:
    assert listed(of_service(body, more).get("networks"), *NAMES) == expected


def test_another_service_s_namespace_has_its_networks() -> None:
    text = """\
services:
  s: {image: x, network_mode: 'service:o'}
  o: {image: x, networks: [n], ports: ['80:80']}
networks: {n: {internal: '${I}'}}
"""
    assert listed(service(text).get("networks"), "name", "internal") == [("n", ...)]


@pytest.mark.parametrize("mode", ["container:c", "${M}", "service:nobody"])
def test_networks_may_be_unknown(mode: str) -> None:
    networks = of_service(f"network_mode: '{mode}'").get("networks")
    assert isinstance(networks, Items)
    assert not networks.whole


@pytest.mark.parametrize(
    ("body", "more", "expected"),
    [
        ("ports: ['80:80']", "", True),
        ("ports: ['127.0.0.1:80:80']", "", False),
        ("ports: ['${A}:80:80']", "", ...),
        ("network_mode: host", "", True),
        ("network_mode: 'container:c'", "", ...),
        ("ports: ['80:80'], networks: [n]", "networks: {n: {internal: true}}\n", False),
        ("networks: [n]", "networks: {n: {driver: macvlan, driver_opts: {parent: eth0}}}\n", True),
        ("networks: [n]", "networks: {n: {driver: '${D}'}}\n", ...),
        (
            "networks: [n]",
            "networks: {n: {driver_opts: {com.docker.network.bridge.gateway_mode_ipv4:"
            " nat-unprotected}}}\n",
            True,
        ),
        ("", "", False),
    ],
)
def test_other_machines_reach_a_service(body: str, more: str, expected: object) -> None:
    assert plain(of_service(body, more).get("reachable")) == expected


@pytest.mark.parametrize(
    ("ports", "expected", "is_whole"),
    [
        ("'80'", [(None, 80)], True),
        ("'8080:80'", [(8080, 80)], True),
        ("'79-81:79-81'", [(79, 79), (80, 80), (81, 81)], True),
        ("'8000-8010:80'", [(..., 80)], True),  # the engine picks one
        ("{target: 80, published: '8080'}", [(8080, 80)], True),
        ("'${P}:80'", [(..., 80)], True),
        ("'${P}'", [(..., ...)], False),
        ("'90-91:90-91', '${P}'", [(90, 90), (91, 91), (..., ...)], False),
    ],
)
def test_ports(ports: str, expected: list[object], is_whole: bool) -> None:
    found = of_service(f"ports: [{ports}]").get("ports")
    assert isinstance(found, Items)
    assert listed(found, "host", "container") == expected
    assert found.whole is is_whole


def test_a_port_that_the_engine_drops_is_listed_and_not_reached() -> None:
    ports = of_service("network_mode: host, ports: ['80:80']").get("ports")
    assert listed(ports, "host", "reachable") == [(80, False)]
