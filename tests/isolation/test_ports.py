"""Ports as the host binds them, and who can reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.text import apply_edits
from tightship.values.port import sensitive_ports

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf

    from tightship.isolation.ports import Port

BINDING = "com.docker.network.bridge.host_binding_ipv4"


def port(container_of: ContainerOf, entry: str) -> Port:
    [found] = container_of(f"ports: [{entry}]").ports
    return found


@pytest.mark.parametrize(
    "entry",
    [
        "80",
        "'8080:80'",
        "'0.0.0.0:8080:80'",
        "'[::]:8080:80'",
        "'[::ffff:0.0.0.0]:8080:80'",
        "'0.0.0.0::80'",
        "'8080-8090:80'",
        "'53:53/udp'",
        "'${BIND:-0.0.0.0}:8080:80'",
        "'${PORT}:80'",
        "{target: 80}",
        "{target: 80, published: 8080, host_ip: 0.0.0.0}",
    ],
)
def test_without_an_address_a_port_is_on_all_interfaces(
    container_of: ContainerOf, entry: str
) -> None:
    found = port(container_of, entry)
    assert found.surely_on_all_interfaces
    assert found.surely_reachable
    assert found.where == "all interfaces"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "[::1]"])
def test_the_loopback_interface_is_not_reachable(container_of: ContainerOf, address: str) -> None:
    long = f"{{target: 80, host_ip: '{address.strip('[]')}'}}"
    for entry in (f"'{address}:8080:80'", f"'{address}::80'", long):
        found = port(container_of, entry)
        assert not found.surely_reachable
        assert not found.surely_on_all_interfaces


def test_one_interface_is_reachable_but_not_all(container_of: ContainerOf) -> None:
    found = port(container_of, "'192.0.2.7:8080:80'")
    assert found.surely_reachable
    assert not found.surely_on_all_interfaces
    assert found.where == "`192.0.2.7`"


@pytest.mark.parametrize("entry", ["'${BIND}:8080:80'", "{target: 80, host_ip: '${BIND}'}"])
def test_an_unknown_address_is_undecided(container_of: ContainerOf, entry: str) -> None:
    found = port(container_of, entry)
    assert not found.surely_reachable
    assert not found.surely_on_all_interfaces


@pytest.mark.parametrize("mode", ["host", "none", "service:b", "container:b"])
def test_without_a_network_of_its_own_nothing_is_published(
    containers_of: ContainersOf, mode: str
) -> None:
    text = f"""
    services:
      a: {{image: x, network_mode: "{mode}", ports: ["80:80"]}}
      b: {{image: x}}
    """
    assert containers_of(text)["a"].ports == []


def test_an_undecided_mode_may_publish(container_of: ContainerOf) -> None:
    [found] = container_of("network_mode: '${MODE}', ports: ['80:80']").ports
    assert not found.surely_reachable
    [found] = container_of("network_mode: bridge, ports: ['80:80']").ports
    assert found.surely_reachable


def networks(containers_of: ContainersOf, joined: str, defined: str) -> list[Port]:
    text = f"""
    services:
      s: {{image: x, {joined} ports: ["80:80", "127.0.0.1:81:81", "0.0.0.0:82:82"]}}
    networks: {{{defined}}}
    """
    return containers_of(text)["s"].ports


@pytest.mark.parametrize(
    ("joined", "defined"),
    [
        ("networks: [a],", "a: {internal: true}"),
        ("networks: [a, b],", "a: {internal: yes}, b: {driver: macvlan}"),
        ("networks: {a: {aliases: [s]}},", "a: {internal: true}"),
        ("", "default: {internal: true}"),
        ("networks: [a],", "a: {driver: ipvlan}"),
    ],
)
def test_an_internal_network_publishes_nothing(
    containers_of: ContainersOf, joined: str, defined: str
) -> None:
    assert networks(containers_of, joined, defined) == []


@pytest.mark.parametrize(
    ("joined", "defined", "reachable"),
    [
        ("networks: [a, b],", "a: {internal: true}, b: ", ["80", "82"]),
        ("networks: [a],", "a: {internal: false}", ["80", "82"]),
        ("networks: [a],", f"a: {{driver_opts: {{{BINDING}: 127.0.0.1}}}}", ["82"]),
        ("", f"default: {{driver_opts: {{{BINDING}: 127.0.0.1}}}}", ["82"]),
        ("", f"other: {{driver_opts: {{{BINDING}: 127.0.0.1}}}}", ["80", "82"]),
        ("", f"default: {{driver_opts: {{{BINDING}: '${{IP}}'}}}}", ["82"]),
        ("networks: [a, b],", f"a: {{driver_opts: {{{BINDING}: 127.0.0.1}}}}, b: ", ["82"]),
        (
            "networks: [a, b],",
            f"a: {{driver_opts: {{{BINDING}: 127.0.0.1}}}}, b: {{internal: true}}",
            ["82"],
        ),
        ("networks: [a],", "a: {internal: '${INTERNAL}'}", ["82"]),
    ],
)
def test_the_network_sets_the_default_address(
    containers_of: ContainersOf, joined: str, defined: str, reachable: list[str]
) -> None:
    found = networks(containers_of, joined, defined)
    assert [p.parsed.target for p in found if p.surely_reachable] == reachable


def test_a_shared_network_publishes_the_ports_of_its_owner(containers_of: ContainersOf) -> None:
    text = """
    services:
      a: {image: x, network_mode: "service:b"}
      b: {image: x, network_mode: "service:c"}
      c: {image: x, ports: ["80:80"]}
      d: {image: x, network_mode: "service:e"}
      e: {image: x, network_mode: "service:d"}
      f: {image: x, network_mode: "service:nobody", ports: ["1:1"]}
    """
    found = containers_of(text)
    targets = {n: [p.parsed.target for p in c.reachable_ports] for n, c in found.items()}
    assert targets == {"a": ["80"], "b": ["80"], "c": ["80"], "d": [], "e": [], "f": []}


@pytest.mark.parametrize(
    ("body", "entry", "number"),
    [
        ("image: postgres:17", "5432", 5432),
        ("image: postgres:17", "'15432:5432'", 5432),
        ("image: postgres:17", "'${PORT}:5432'", 5432),
        ("image: postgres:17", "'5430-5433:5430-5433'", 5432),
        ("image: postgres:17", "'5432:80'", None),
        ("image: postgres:17", "'5432:5432/udp'", None),
        ("image: postgres:17", "'5432:${PORT}'", None),
        ("image: postgres:17", "'2000-6000:2000-6000'", None),
        ("image: postgres:17", "'6379:6379'", None),
        ("image: rabbitmq:4", "'5670-5675:5670-5675'", 5671),
        ("image: x, command: postgres", "5432", 5432),
        ("image: x, entrypoint: [node, --inspect, a.js]", "{target: 9229}", 9229),
        ("image: x, environment: {NODE_OPTIONS: --inspect}", "9229", 9229),
        ("image: x", "5432", None),
        ("image: x", "9229", None),
        ("image: docker:dind", "'127.0.0.1:12375:2375'", 2375),
        ("image: x", "'127.0.0.1:12375:2375'", None),
        # The Docker daemon's port on the host says enough.
        ("image: x", "'2375:80'", 2375),
        ("image: x", "'2300-2399:80'", None),
        ("image: x", "'8080:8080'", None),
    ],
)
def test_a_listener_is_a_known_port_of_a_server_that_the_container_runs(
    containers_of: ContainersOf, body: str, entry: str, number: int | None
) -> None:
    wanted = None if number is None else (number, sensitive_ports()[number])
    found = containers_of(f"services: {{s: {{{body}, ports: [{entry}]}}}}\n")
    [published] = found["s"].ports
    assert published.listener == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("80", "127.0.0.1::80"),
        ("8080:80", "127.0.0.1:8080:80"),
        ("'8080:80/udp'", "'127.0.0.1:8080:80/udp'"),
        ('"0.0.0.0:8080:80"', '"127.0.0.1:8080:80"'),
        ('"[::]:8080:80"', '"127.0.0.1:8080:80"'),
        ("'192.0.2.7::80'", "'127.0.0.1::80'"),
        ("8000-8002:8000-8002", "127.0.0.1:8000-8002:8000-8002"),
        ("'${PORT:-8080}:80'", "'127.0.0.1:${PORT:-8080}:80'"),
        ("{target: 80}", "{target: 80, host_ip: 127.0.0.1}"),
        ("{host_ip: 0.0.0.0, target: 80}", "{host_ip: 127.0.0.1, target: 80}"),
        ('{host_ip: "", target: 80}', '{host_ip: "127.0.0.1", target: 80}'),
        ("':8080:80'", "'127.0.0.1:8080:80'"),
        ("'${BIND:-0.0.0.0}:8080:80'", None),
        ("'${BIND:-}:8080:80'", None),
    ],
)
def test_binding_to_the_loopback_interface_changes_nothing_else(
    container_of: ContainerOf, before: str, after: str | None
) -> None:
    fix = port(container_of, before).bound_to_loopback()
    if after is None:
        assert fix is None
        return
    assert fix is not None
    text = apply_edits(fix.edits[0].span.source, fix.edits)
    assert text == f"services:\n  s: {{image: x, ports: [{after}]}}\n"
    assert not port(container_of, after).surely_reachable


def test_ports_of_an_anchor_are_not_edited(containers_of: ContainersOf) -> None:
    text = """
    x-ports: &p ["80:80"]
    services:
      s: {image: x, ports: *p}
    """
    [found] = containers_of(text)["s"].ports
    assert found.bound_to_loopback() is None
