"""The rules about who reaches a container, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.network.daemon_api_over_tcp import daemon_api_over_tcp
from tightship.rules.compose.network.port_on_all_interfaces import (
    port_on_all_interfaces,
)
from tightship.rules.compose.network.sensitive_port_published import (
    sensitive_port_published,
)
from tightship.rules.compose.network.unauthenticated_dashboard import (
    unauthenticated_dashboard,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

RULES = rules_of("compose", "network")


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("'8080:80'", "port-on-all-interfaces"),
        ("'5432:5432'", "sensitive-port-published"),
        ("'192.0.2.7:5432:5432'", "sensitive-port-published"),
        ("'2375:2375'", "daemon-api-over-tcp"),
        ("'2376:2376'", "sensitive-port-published"),
        ("'${BIND:-}:8080:80'", "port-on-all-interfaces"),
        ("'${BIND}:2375:2375'", None),
        ("'127.0.0.1:2375:2375'", None),
        ("'192.0.2.7:80:80'", None),
        ("'nonsense'", None),
        ("''", None),
    ],
)
def test_an_entry_is_one_finding_by_the_strongest_rule(
    judge: Judge, entry: str, rule: str | None
) -> None:
    found = judge(service(f"ports: [{entry}]"), RULES)
    assert [one.rule.name for one in found] == ([rule] if rule else [])
    assert all(one.span.text == entry for one in found)


def test_what_is_absorbed_is_listed(judge: Judge) -> None:
    [one] = judge(service("ports: ['2375:2375']"), RULES)
    names = {absorbed.rule.name for absorbed in one.absorbed}
    assert names == {"sensitive-port-published", "port-on-all-interfaces"}


def test_the_message_says_what_listens_and_where(judge: Judge) -> None:
    text = service("ports: ['${A:-192.0.2.7}:15432:5432']")
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.message == (
        "service `s` publishes port 5432 (PostgreSQL) on `192.0.2.7`,"
        " with the default of `${A}`"
    )
    text = service("ports: ['${PORT:-53}:53/udp']")
    [one] = judge(text, [port_on_all_interfaces])
    assert one.finding.message == (
        "service `s` publishes port 53/udp on all interfaces"
    )


def test_ports_of_an_anchor_are_one_finding(judge: Judge) -> None:
    text = """
x-ports: &ports ["5432:5432"]
services:
  a: {image: x, ports: *ports}
  b: {image: x, ports: *ports}
"""
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.fix is None
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_an_override_adds_to_the_ports(found: Found) -> None:
    files = {
        "compose.yaml": service("ports: ['5432:5432']"),
        "compose.override.yaml": "services:\n  s: {ports: ['127.0.0.1:5432:5432']}\n",
    }
    assert found(files, sensitive_port_published) == [("warning", "'5432:5432'")]
    over = "services:\n  s: {ports: !override ['127.0.0.1:5432:5432']}\n"
    files["compose.override.yaml"] = over
    assert found(files, sensitive_port_published) == []


def test_all_ports_are_bound_at_once(fixed: Fixed) -> None:
    text = "services:\n  s:\n    ports:\n      - 80\n      - '[::]:81:81'  # so\n"
    wanted = text.replace("- 80", "- 127.0.0.1::80").replace("[::]", "127.0.0.1")
    assert fixed(text, port_on_all_interfaces) == wanted


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
def test_the_daemons_api_is_found_by_who_serves_and_who_uses_it(
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


def test_a_socket_proxy_is_the_remedy_and_not_the_daemon(judge: Judge) -> None:
    text = """
services:
  agent: {image: x, environment: {DOCKER_HOST: "tcp://docker:2375"}}
  docker:
    image: lscr.io/linuxserver/socket-proxy:3.2.4
    ports: ["2375:2375"]
"""
    [one] = judge(text, RULES)
    assert one.rule.name == "sensitive-port-published"


OPEN = [
    ("8080", "command: --api.insecure"),
    ("8080", "command: [--api.insecure=true]"),
    ("8080", "environment: {TRAEFIK_API_INSECURE: 'true'}"),
    ("9090", "command: [--web.enable-admin-api]"),
    ("6379", "command: [redis-server, --protected-mode, 'no']"),
    ("6379", "command: sh -c 'exec redis-server --protected-mode no'"),
    ("27017", "command: mongod --noauth"),
    ("8080", "command: code-server --auth none"),
    ("8888", "command: \"start-notebook.sh --NotebookApp.token=''\""),
    ("9200", "environment: [xpack.security.enabled=false]"),
    ("9200", "environment: {plugins.security.disabled: true}"),
    ("2181", "environment: {ALLOW_ANONYMOUS_LOGIN: yes}"),
    (
        "3000",
        "environment: {GF_AUTH_ANONYMOUS_ENABLED: true,"
        " GF_AUTH_ANONYMOUS_ORG_ROLE: Admin}",
    ),
    ("8081", "environment: {ME_CONFIG_BASICAUTH: 'false'}"),
    ("80", "environment: {PGADMIN_CONFIG_SERVER_MODE: 'False'}"),
    ("8086", "environment: {INFLUXDB_HTTP_AUTH_ENABLED: 'false'}"),
]


@pytest.mark.parametrize(("port", "body"), OPEN)
def test_an_open_door_counts_if_strangers_reach_it(
    judge: Judge, port: str, body: str
) -> None:
    def findings(more: str) -> int:
        return len(judge(service(f"{body}, {more}"), [unauthenticated_dashboard]))

    assert findings(f"ports: ['{port}:{port}']") == 1
    assert findings(f"ports: ['192.0.2.7:9:{port}']") == 1
    assert findings("network_mode: host") == 1
    assert findings(f"ports: ['127.0.0.1:{port}:{port}']") == 0
    assert findings(f"ports: ['${{IP}}:{port}:{port}']") == 0
    assert findings("ports: ['1:1']") == 0
    assert findings("init: true") == 0


@pytest.mark.parametrize(
    "body",
    [
        "command: --api.insecure=false",
        "command: --api.insecure=${INSECURE}",
        "command: --api",
        "command: redis-server --protected-mode no --requirepass ${PW}",
        "command: redis-server --protected-mode yes",
        "command: mongod --auth",
        "command: start --ServerApp.token=${T}",
        "command: start --ServerApp.token= --ServerApp.password=argon2:x",
        "environment: {xpack.security.enabled: 'true'}",
        "environment: {xpack.security.enabled: '${SECURITY}'}",
        "environment: {GF_AUTH_ANONYMOUS_ENABLED: 'true'}",
        "environment: {GF_AUTH_ANONYMOUS_ORG_ROLE: Admin}",
        "environment: [ALLOW_ANONYMOUS_LOGIN]",
    ],
)
def test_a_door_that_is_shut_or_unknown_is_silent(judge: Judge, body: str) -> None:
    text = service(f"{body}, network_mode: host")
    assert judge(text, [unauthenticated_dashboard]) == []


def test_a_switch_in_a_file_of_variables_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": service("env_file: s.env, ports: ['9200:9200']"),
        "s.env": "xpack.security.enabled=false\n",
    }
    [one] = judge(files, [unauthenticated_dashboard])
    assert (one.span.source.name, one.span.text) == ("s.env", "false")
    shut = "environment: {xpack.security.enabled: true}, env_file"
    files["compose.yaml"] = files["compose.yaml"].replace("env_file", shut)
    assert judge(files, [unauthenticated_dashboard]) == []


def test_ports_of_the_service_whose_network_is_shared_count(judge: Judge) -> None:
    text = """
services:
  vpn: {image: x, ports: ["8080:8080"]}
  proxy: {image: x, network_mode: "service:vpn", command: --api.insecure}
"""
    [one] = judge(text, [unauthenticated_dashboard])
    assert one.subject.name == "proxy"
    assert [r.span.text for r in one.finding.because] == ['"8080:8080"']
