"""Namespaces: whose they are, after every chain was followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from tightship.isolation.namespaces import KEYS

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf


@pytest.mark.parametrize(
    ("kind", "body", "owner"),
    [
        ("pid", "pid: host", "host"),
        ("pid", "command: x", "own"),
        ("pid", "pid: '${PID}'", "unknown"),
        ("pid", "pid: '${PID:-host}'", "host"),
        ("pid", "pid: 'container:db'", "container:db"),
        ("pid", "pid: 'container:${NAME}'", "container:${NAME}"),
        ("pid", "pid: 'service:gone'", "unknown"),
        ("pid", "pid: 'service:s'", "unknown"),
        ("pid", "extends: base", "unknown"),
        ("pid", "extends: base, pid: host", "host"),
        ("network", "network_mode: host", "host"),
        ("network", "network_mode: none", "none"),
        ("network", "network_mode: bridge", "own"),
        ("network", "networks: [default]", "own"),
        ("ipc", "ipc: host", "host"),
        ("ipc", "ipc: shareable", "own"),
        ("ipc", "ipc: none", "none"),
        ("uts", "uts: host", "host"),
        ("user", "userns_mode: host", "host"),
        ("user", "userns_mode: ''", "own"),
        ("cgroup", "cgroup: host", "host"),
        ("cgroup", "cgroup: private", "own"),
    ],
)
def test_the_owner_of_a_namespace(
    container_of: ContainerOf, kind: str, body: str, owner: str
) -> None:
    namespace = container_of(body).namespace(kind)
    assert namespace.owner == owner
    assert namespace.is_host == (owner == "host")


def test_an_incomplete_service_can_have_any_namespace(container_of: ContainerOf) -> None:
    container = container_of("command: x", complete=False)
    assert {container.namespace(kind).owner for kind in KEYS} == {"unknown"}


def test_a_chain_is_followed_to_its_end(containers_of: ContainersOf) -> None:
    of = containers_of(
        """
        services:
          a: {image: x, pid: "service:b"}
          b: {image: x, pid: "service:c"}
          c: {image: x, pid: host}
        """
    )
    namespace = of["a"].namespace("pid")
    assert namespace.is_host
    assert namespace.span.text == '"service:b"'
    assert [(r.span.text, r.message) for r in namespace.because] == [
        ('"service:c"', "`b` has `pid: service:c` here"),
        ("host", "`c` has `pid: host` here"),
    ]
    assert of["c"].namespace("pid").because == ()


def test_a_chain_ends_at_an_undecided_value(containers_of: ContainersOf) -> None:
    of = containers_of(
        """
        services:
          a: {image: x, ipc: "service:b"}
          b: {image: x, ipc: "${IPC}"}
          c: {image: x, ipc: "service:d"}
          d: {image: x, extends: e}
          e: {image: x}
        """
    )
    assert of["a"].namespace("ipc").owner == "unknown"
    assert of["e"].namespace("ipc").owner == "own"


def test_a_chain_to_a_private_namespace_is_not_foreign(containers_of: ContainersOf) -> None:
    of = containers_of(
        """
        services:
          a: {image: x, network_mode: "service:b"}
          b: {image: x}
        """
    )
    assert of["a"].namespace("network").owner == "own"


def test_a_foreign_container_comes_through_a_chain_too(containers_of: ContainersOf) -> None:
    of = containers_of(
        """
        services:
          a: {image: x, network_mode: "service:b"}
          b: {image: x, network_mode: "container:vpn"}
        """
    )
    assert of["a"].namespace("network").container == "vpn"
    assert of["b"].namespace("network").container == "vpn"
    assert of["a"].namespace("pid").container is None


def test_cyclic_chains_have_no_owner(containers_of: ContainersOf) -> None:
    of = containers_of(
        """
        services:
          a: {image: x, pid: "service:b"}
          b: {image: x, pid: "service:a"}
        """
    )
    assert of["a"].namespace("pid").owner == "unknown"


def test_a_very_long_chain_is_abandoned(containers_of: ContainersOf) -> None:
    links = "\n".join(f'  s{i}: {{image: x, pid: "service:s{i + 1}"}}' for i in range(100))
    of = containers_of(f"services:\n{links}\n  s100: {{image: x, pid: host}}\n")
    assert of["s0"].namespace("pid").owner == "unknown"
    assert of["s90"].namespace("pid").is_host


NETWORK = """
services:
  a: {image: x, networks: %s}
  b: {image: x, network_mode: "service:a"}
networks:
  outside: %s
"""


@pytest.mark.parametrize(
    "definition",
    [
        # Compose gives an alias there, which Docker rejects.
        "{name: host, external: true}",
        "{external: {name: host}}",
        "{name: host}",
        "{name: host, external: false}",
        "{name: '${NET}', external: true}",
        "{name: hostess, external: true}",
        "{external: true}",
        "",
    ],
)
def test_other_networks_are_not_the_hosts(containers_of: ContainersOf, definition: str) -> None:
    of = containers_of(NETWORK % ("[outside]", definition))
    assert of["a"].namespace("network").owner == "own"


@settings(max_examples=settings().max_examples // 8)
@given(
    st.lists(
        st.sampled_from(["host", "private", "service:0", "service:3", "service:5"]),
        min_size=6,
        max_size=6,
    )
)
def test_following_chains_agrees_with_walking_them(
    containers_of: ContainersOf, settings_of: list[str]
) -> None:
    lines = "\n".join(f'  "{i}": {{image: x, ipc: "{s}"}}' for i, s in enumerate(settings_of))
    of = containers_of(f"services:\n{lines}\n")

    def walked(number: int, seen: frozenset[int] = frozenset()) -> str:
        setting = settings_of[number]
        if number in seen:
            return "unknown"
        if setting.startswith("service:"):
            return walked(int(setting[-1]), seen | {number})
        return "host" if setting == "host" else "own"

    assert [of[str(i)].namespace("ipc").owner for i in range(6)] == [walked(i) for i in range(6)]
