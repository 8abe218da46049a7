"""The rule `daemon-api-over-tcp`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.conftest import rules_of

from tightship.rules.compose.network.daemon_api_over_tcp import daemon_api_over_tcp

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("compose", "network")


def test_absorbed_findings_are_listed(judge: Judge) -> None:
    [one] = judge(service("ports: ['2375:2375']"), RULES)
    names = {absorbed.rule.name for absorbed in one.absorbed}
    assert names == {"sensitive-port-published", "port-on-all-interfaces"}


def test_an_open_port_of_the_daemon_is_one_finding(judge: Judge) -> None:
    text = (
        "services:\n  s:\n    image: docker:28-dind\n    ports: ['2375:2375']\n"
        "    environment: {DOCKER_TLS_CERTDIR: ''}\n"
    )
    found = judge(text, RULES)
    assert {one.rule.name for one in found} == {"daemon-api-over-tcp"}
    [one] = found
    assert one.span.text == "'2375:2375'"
    assert [place.span.text for place in one.finding.because] == ["''"]
    names = {absorbed.rule.name for absorbed in one.absorbed}
    assert "unauthenticated-service" in names


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("command: dockerd -H tcp://0.0.0.0:2375", ["-H"]),
        ("command: [dockerd, --host=tcp://0.0.0.0]", ["--host=tcp://0.0.0.0"]),
        ("command: [dockerd, -H, 'tcp://[::]:2375', -H, fd://]", ["-H"]),
        ("entrypoint: docker --host tcp://d:2375 ps", ["--host"]),
        ("command: dockerd -H tcp://0.0.0.0:2376 --tlsverify", []),
        ("command: dockerd -H tcp://0.0.0.0:2376 --tls=false", ["-H"]),
        ("command: dockerd -H tcp://127.0.0.1:2375", []),
        ("command: dockerd -H unix:///run/x.sock", []),
        ("command: dockerd -H ${HOST}", []),
        ("command: [/usr/bin/dockerd, -H, 'tcp://0.0.0.0:4243']", ["-H"]),
        ("command: watchtower --host tcp://10.0.0.2:2375", ["--host"]),
        ("command: -H tcp://tasks.agent:9001 --tlsskipverify", []),
        ("command: dask-scheduler --host tcp://0.0.0.0:8786", []),
        ("command: serve --host tcp://0.0.0.0", []),
        ("command: psql -h db", []),
        ("environment: {DOCKER_HOST: 'tcp://d:2375'}", ["tcp://d:2375"]),
        ("environment: [DOCKER_HOST=tcp://d]", ["tcp://d"]),
        ("environment: {DOCKER_HOST: '${H:-tcp://d:2375}'}", ["tcp://d:2375"]),
        ("environment: {DOCKER_HOST: 'tcp://d:2376'}", []),
        ("environment: {DOCKER_HOST: 'tcp://d:1', DOCKER_TLS_VERIFY: 1}", []),
        ("environment: {DOCKER_HOST: 'tcp://d:1', DOCKER_CERT_PATH: /c}", []),
        ("environment: {DOCKER_HOST: 'tcp://localhost:2375'}", []),
        ("environment: {DOCKER_HOST: 'tcp://[::1]:2375'}", []),
        ("environment: {DOCKER_HOST: 'tcp://dockerproxy:2375'}", []),
        ("environment: {DOCKER_HOST: 'ssh://u@d'}", []),
        ("environment: {DOCKER_HOST: 'unix:///run/docker.sock'}", []),
        ("environment: {DOCKER_HOST: '${H}'}", []),
        ("environment: [DOCKER_HOST]", []),
        ("environment: {DOCKER_TLS_CERTDIR: ''}", []),
    ],
)
def test_servers_and_clients_of_the_daemon_api_are_found(
    judge: Judge, body: str, places: list[str]
) -> None:
    found = judge(service(body), [daemon_api_over_tcp])
    assert [one.span.text.strip("'") for one in found] == places


def test_a_daemon_in_a_container_listens_without_certificates(found: Found) -> None:
    text = """
services:
  a: {image: "docker:28-dind", environment: {DOCKER_TLS_CERTDIR: ""}}
  b: {image: "docker:dind-rootless", environment: ["DOCKER_TLS_CERTDIR="]}
  c: {image: "docker:28-dind", environment: {DOCKER_TLS_CERTDIR: /certs}}
  d: {image: "docker:28-cli", environment: {DOCKER_TLS_CERTDIR: ""}}
  e: {image: "docker:28-dind", environment: {DOCKER_TLS_CERTDIR: "${DIR}"}}
"""
    places = [("error", '""'), ("error", '"DOCKER_TLS_CERTDIR="')]
    assert found(text, daemon_api_over_tcp) == places


def test_a_socket_proxy_is_not_reported_as_the_daemon(judge: Judge) -> None:
    text = """
services:
  agent: {image: x, environment: {DOCKER_HOST: "tcp://docker:2375"}}
  docker:
    image: lscr.io/linuxserver/socket-proxy:3.2.4
    ports: ["2375:2375"]
"""
    [one] = judge(text, RULES)
    assert one.rule.name == "sensitive-port-published"
