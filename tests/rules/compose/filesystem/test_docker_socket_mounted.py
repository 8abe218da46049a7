"""The rule `docker-socket-mounted`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said
from tests.rules.compose.filesystem.conftest import MOUNT_RULES, volumes

from tightship.rules.compose.filesystem.docker_socket_mounted import docker_socket_mounted

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_an_anchor_is_reported_once_and_names_who_else_gets_it(judge: Judge) -> None:
    text = """
x-agent: &agent
  volumes: [/var/run/docker.sock:/var/run/docker.sock]
services:
  a: {image: x, <<: *agent}
  b: {image: x, <<: *agent}
"""
    [one] = judge(text, MOUNT_RULES)
    assert one.span.text == "/var/run/docker.sock:/var/run/docker.sock"
    assert "service `a`" in one.finding.message
    assert [r.span.text for r in one.finding.because] == ["b"]


@pytest.mark.parametrize(
    "image",
    [
        "tecnativa/docker-socket-proxy",
        "lscr.io/linuxserver/socket-proxy:3.2.4",
        "ghcr.io/wollomatic/socket-proxy@sha256:" + "a" * 64,
        "${PROXY:-tecnativa/docker-socket-proxy:0.3}",
        "hectorm/cetusguard:v1",
    ],
)
def test_a_socket_proxy_is_a_warning(judge: Judge, image: str) -> None:
    text = volumes("/var/run/docker.sock:/var/run/docker.sock:ro")
    [one] = judge(text.replace("image: x", f"image: {image}"), MOUNT_RULES)
    assert said([one]) == [("docker-socket-mounted", "warning")]
    assert "only its filter protects the host" in one.finding.message


def test_only_the_images_own_name_makes_a_proxy(judge: Judge) -> None:
    text = volumes("/var/run/docker.sock:/var/run/docker.sock")
    text = text.replace("image: x", "image: socket-proxy.example/traefik")
    assert said(judge(text, MOUNT_RULES)) == [("docker-socket-mounted", "error")]


def test_a_pipe_of_windows_is_a_socket(judge: Judge) -> None:
    text = volumes(
        r"//./pipe/docker_engine://./pipe/docker_engine",
        r"{type: npipe, source: '\\.\pipe\docker_engine', target: '\\.\pipe\other'}",
    )
    assert said(judge(text, MOUNT_RULES)) == [("docker-socket-mounted", "error")] * 2


def test_an_override_that_takes_a_target_silences_the_base(judge: Judge) -> None:
    files = {
        "compose.yaml": volumes("/var/run/docker.sock:/var/run/docker.sock"),
        "compose.override.yaml": volumes("/dev/null:/var/run/docker.sock"),
    }
    assert said(judge(files, MOUNT_RULES)) == []


def test_the_help_names_the_key_that_brings_the_socket(judge: Judge) -> None:
    [one] = judge("services: {s: {image: x, use_api_socket: true}}\n", MOUNT_RULES)
    assert one.advice.startswith("remove `use_api_socket`")
    volume = "/var/run/docker.sock:/var/run/docker.sock"
    text = f"services: {{s: {{image: x, volumes: ['{volume}']}}}}\n"
    [one] = judge(text, MOUNT_RULES)
    assert "use_api_socket" not in one.advice


@pytest.mark.parametrize(
    ("image", "variables", "severity"),
    [
        ("tecnativa/docker-socket-proxy:0.3", "{POST: 1, CONTAINERS: 1}", "error"),
        ("lscr.io/linuxserver/socket-proxy:3", "[POST=1, PLUGINS=1]", "error"),
        ("tecnativa/docker-socket-proxy:0.3", "{CONTAINERS: 1}", "warning"),
        ("tecnativa/docker-socket-proxy:0.3", "{POST: 1, NETWORKS: 1}", "warning"),
        ("tecnativa/docker-socket-proxy:0.3", "{POST: 0, CONTAINERS: 1}", "warning"),
        ("tecnativa/docker-socket-proxy:0.3", "[POST, CONTAINERS=1]", "warning"),
        ("wollomatic/socket-proxy:1", "{POST: 1, CONTAINERS: 1}", "warning"),
    ],
)
def test_a_proxy_whose_variables_let_clients_create_containers_is_an_error(
    judge: Judge, image: str, variables: str, severity: str
) -> None:
    text = volumes("/var/run/docker.sock:/var/run/docker.sock:ro")
    text = text.replace("image: x", f"image: {image}\n    environment: {variables}")
    [one] = judge(text, MOUNT_RULES)
    assert said([one]) == [("docker-socket-mounted", severity)]
    assert ("take over the host" in one.finding.message) is (severity == "error")


@pytest.mark.parametrize(
    ("volume", "grades"),
    [
        ("${S}:/var/run/docker.sock", ["warning"]),
        ("{type: bind, source: $S, target: /tmp/docker.sock}", ["warning"]),
        ("${S:-/run/docker.sock}:/var/run/docker.sock", ["error"]),
        ("${S}:/data", []),
        ("named:/var/run/docker.sock", []),
        ("./test.sock:/var/run/docker.sock", []),
    ],
)
def test_an_unknown_path_where_a_socket_is_expected(
    found: Found, volume: str, grades: list[str]
) -> None:
    text = f"services:\n  a:\n    image: a\n    volumes:\n    - {volume}\n"
    text += "volumes: {named: {}}\n"
    assert [grade for grade, _ in found(text, docker_socket_mounted)] == grades
