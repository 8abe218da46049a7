"""A default secret that opens nothing to other hosts is out of reach; any other is not."""

from __future__ import annotations

from textwrap import dedent

import pytest
from tests.lab.comparison import Disk

from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.containers import containers
from tightship.isolation.default_secret import DefaultSecrets

_STORE = "db: {image: 'postgres:18', environment: {POSTGRES_PASSWORD: changeme}"
_CLIENT = "api: {image: 'example/api:1', environment: {DB_PASSWORD: changeme}"


def is_out_of_reach(services: str, name: str, variable: str, networks: str = "{}") -> bool:
    text = dedent(f"services: {{{services}}}\nnetworks: {networks}\n")
    project = ComposeProject(Loading(Disk(text)), ["compose.yaml"])
    made = {one.name: one for one in containers(project)}
    return DefaultSecrets(made[name]).has(variable, "changeme")


def test_a_store_without_ports_is_out_of_reach_for_itself_and_its_clients() -> None:
    both = f"{_STORE}}}, {_CLIENT}, ports: ['80:80']}}"
    assert is_out_of_reach(both, "db", "POSTGRES_PASSWORD")
    assert is_out_of_reach(both, "api", "DB_PASSWORD")


@pytest.mark.parametrize("variable", ["ADMIN_PASSWORD", "SECRET_KEY"])
def test_what_opens_a_reached_service_itself_is_within_reach(variable: str) -> None:
    both = f"{_STORE}}}, {_CLIENT}, ports: ['80:80']}}"
    assert not is_out_of_reach(both, "api", variable)


@pytest.mark.parametrize(
    ("setting", "networks"),
    [
        ("ports: ['5432:5432']", "{}"),
        ("ports: ['${ADDRESS}:5432:5432']", "{}"),
        ("ports: ['192.168.0.2:5432:5432']", "{}"),
        ("network_mode: host", "{}"),
        ("network_mode: 'container:other'", "{}"),
        ("network_mode: '${MODE}'", "{}"),
        ("networks: [lan]", "{lan: {driver: macvlan}}"),
        ("networks: [lan]", "{lan: {external: true}}"),
        ("restart: always", "{default: {external: true, name: proxy}}"),
        ("restart: always", "{default: {driver: macvlan}}"),
        (
            "networks: [lan]",
            "{lan: {driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: routed}}}",
        ),
    ],
)
def test_a_store_that_a_run_may_open_is_within_reach(setting: str, networks: str) -> None:
    assert not is_out_of_reach(f"{_STORE}, {setting}}}", "db", "POSTGRES_PASSWORD", networks)


@pytest.mark.parametrize("setting", ["ports: ['127.0.0.1:5432:5432']", "network_mode: none"])
def test_loopback_and_no_network_are_out_of_reach(setting: str) -> None:
    assert is_out_of_reach(f"{_STORE}, {setting}}}", "db", "POSTGRES_PASSWORD")


def test_a_console_that_others_reach_opens_the_store() -> None:
    console = "console: {image: 'adminer:5', ports: ['8080:8080']}"
    assert not is_out_of_reach(f"{_STORE}}}, {console}", "db", "POSTGRES_PASSWORD")


def test_a_proxy_may_open_a_service_that_is_no_store() -> None:
    panel = "panel: {image: 'example/panel:1', environment: {ADMIN_PASSWORD: changeme}}"
    assert is_out_of_reach(panel, "panel", "ADMIN_PASSWORD")
    proxied = f"{panel}, proxy: {{image: 'traefik:3', ports: ['80:80']}}"
    assert not is_out_of_reach(proxied, "panel", "ADMIN_PASSWORD")
