"""The rule `unauthenticated-service`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.conftest import rules_of

from tightship.rules.compose.network.port_on_all_interfaces import port_on_all_interfaces
from tightship.rules.compose.network.sensitive_port_published import sensitive_port_published
from tightship.rules.compose.network.unauthenticated_service import unauthenticated_service

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

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
    ("8888", "command: \"start.sh --ServerApp.token='' --ServerApp.password=''\""),
    ("2379", "environment: {ALLOW_NONE_AUTHENTICATION: yes}"),
    ("80", "environment: {PMA_USER: root, PMA_PASSWORD: root}"),
    ("9200", "environment: [xpack.security.enabled=false]"),
    ("9200", "environment: {plugins.security.disabled: true}"),
    ("2181", "environment: {ALLOW_ANONYMOUS_LOGIN: yes}"),
    ("3000", "environment: {GF_AUTH_ANONYMOUS_ENABLED: true, GF_AUTH_ANONYMOUS_ORG_ROLE: Admin}"),
    ("8081", "environment: {ME_CONFIG_BASICAUTH: 'false'}"),
    ("80", "environment: {PGADMIN_CONFIG_SERVER_MODE: 'False'}"),
    ("8086", "environment: {INFLUXDB_HTTP_AUTH_ENABLED: 'false'}"),
]


@pytest.mark.parametrize(("port", "body"), OPEN)
def test_an_open_dashboard_counts_if_it_is_reachable(judge: Judge, port: str, body: str) -> None:
    def findings(more: str) -> int:
        return len(judge(service(f"{body}, {more}"), [unauthenticated_service]))

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
        "environment: {PMA_HOST: db}",
        "environment: {PMA_USER: root, PMA_PASSWORD: ''}",
        "environment: {PMA_PASSWORD: '${PW}', PMA_USER: root}",
        "environment: {xpack.security.enabled: 'true'}",
        "environment: {xpack.security.enabled: '${SECURITY}'}",
        "environment: {GF_AUTH_ANONYMOUS_ENABLED: 'true'}",
        "environment: {GF_AUTH_ANONYMOUS_ORG_ROLE: Admin}",
        "environment: [ALLOW_ANONYMOUS_LOGIN]",
    ],
)
def test_a_protected_or_undecided_dashboard_is_silent(judge: Judge, body: str) -> None:
    text = service(f"{body}, network_mode: host")
    assert judge(text, [unauthenticated_service]) == []


def test_a_switch_in_a_file_of_variables_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": service("env_file: s.env, ports: ['9200:9200']"),
        "s.env": "xpack.security.enabled=false\n",
    }
    [one] = judge(files, [unauthenticated_service])
    assert (one.span.source.name, one.span.text) == ("s.env", "false")
    shut = "environment: {xpack.security.enabled: true}, env_file"
    files["compose.yaml"] = files["compose.yaml"].replace("env_file", shut)
    assert judge(files, [unauthenticated_service]) == []


def test_ports_of_the_service_whose_network_is_shared_count(judge: Judge) -> None:
    text = """
services:
  vpn: {image: x, ports: ["8080:8080"]}
  proxy: {image: x, network_mode: "service:vpn", command: --api.insecure}
"""
    [one] = judge(text, [unauthenticated_service])
    assert one.subject.name == "proxy"
    assert [r.span.text for r in one.finding.because] == ['"8080:8080"']


DOZZLE = "services:\n  s: {image: 'amir20/dozzle:v8', %s}\n"
OPEN_PORT = "ports: ['8080:8080']"


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        (OPEN_PORT, "'8080:8080'"),
        ("ports: ['192.0.2.7:99:8080']", "'192.0.2.7:99:8080'"),
        ("ports: ['127.0.0.1:8080:8080']", ""),
        ("ports: ['${IP}:8080:8080']", ""),
        ("ports: ['8080:9090']", ""),
        (f"{OPEN_PORT}, environment: {{DOZZLE_AUTH_PROVIDER: simple}}", ""),
        (f"{OPEN_PORT}, environment: {{DOZZLE_AUTH_PROVIDER: '${{AUTH}}'}}", ""),
        (f"{OPEN_PORT}, command: --auth-provider simple", ""),
        (f"{OPEN_PORT}, command: '${{ARGS}}'", ""),
        (f"{OPEN_PORT}, env_file: missing.env", ""),
        (f"{OPEN_PORT}, entrypoint: /start", ""),
    ],
)
def test_a_port_of_a_known_image_is_open_unless_a_setting_closes_it(
    found: Found, body: str, marked: str
) -> None:
    severity = [("warning", marked)] if marked else []
    assert found(DOZZLE % body, unauthenticated_service) == severity


def test_the_fix_binds_a_port_of_a_known_image_to_loopback(fixed: Fixed) -> None:
    after = fixed(DOZZLE % OPEN_PORT, unauthenticated_service)
    assert after == DOZZLE % "ports: ['127.0.0.1:8080:8080']"


@pytest.mark.parametrize(
    ("image", "body"),
    [
        ("traefik:3.5", "command: --api.insecure=true, ports: ['8080:8080']"),
        (
            "elasticsearch:9.1.4",
            "environment: {xpack.security.enabled: 'false'}, ports: ['9200:9200']",
        ),
    ],
)
def test_a_port_that_a_switch_opens_is_one_finding(judge: Judge, image: str, body: str) -> None:
    text = f"services: {{s: {{image: '{image}', {body}}}}}\n"
    [one] = judge(text, [unauthenticated_service])
    assert one.span.text not in ("'8080:8080'", "'9200:9200'")


def test_a_port_without_login_is_one_finding_by_this_rule(judge: Judge) -> None:
    text = "services: {s: {image: 'memcached:1', ports: ['11211:11211']}}\n"
    [one] = judge(text, rules_of("compose", "network"))
    assert one.rule is unauthenticated_service


@pytest.mark.parametrize(
    ("entry", "where"),
    [
        ("8080:8080", "all interfaces"),
        ("3000:8080", "all interfaces as 3000"),
        ("192.0.2.7:81:8080", "`192.0.2.7` as 81"),
        ("8080", "all interfaces"),
        ("${PORT}:8080", "all interfaces"),
    ],
)
def test_a_different_host_port_is_named(judge: Judge, entry: str, where: str) -> None:
    text = service(f"command: --api.insecure, ports: ['{entry}']")
    [one] = judge(text, [unauthenticated_service])
    assert one.finding.message == (
        "the dashboard of Traefik in service `s` asks for no password, and port 8080 is"
        f" published on {where}"
    )


@pytest.mark.parametrize(
    ("image", "port", "body", "what"),
    [
        ("prom/pushgateway:v1.9.0", 9091, "", "metrics, to read, push and delete"),
        ("prom/pushgateway", 9091, "command: --web.config.file=/w.yml", None),
        ("provectuslabs/kafka-ui:v0.7.2", 8080, "", "topics and messages"),
        ("kafbat/kafka-ui", 8080, "environment: {AUTH_TYPE: LOGIN_FORM}", None),
        ("kafbat/kafka-ui", 8080, "env_file: missing.env", None),
        ("kafbat/kafka-ui", 8080, "volumes: ['./c:/etc/kafkaui']", None),
        ("vllm/vllm-openai:v0.9.0", 8000, "command: --model m", "the model"),
        ("vllm/vllm-openai:v0.9.0", 8000, "command: --model m --api-key k", None),
        ("vllm/vllm-openai:v0.9.0", 8000, "entrypoint: nginx", None),
        (
            "eclipse-mosquitto:2",
            1883,
            "command: mosquitto -c /mosquitto-no-auth.conf",
            "every topic",
        ),
        ("eclipse-mosquitto:2", 1883, "", None),
        ("eclipse-mosquitto:1.6", 1883, "", "every topic"),
        ("eclipse-mosquitto:1.6", 1883, "volumes: ['./m:/mosquitto/config']", None),
        ("hasura/graphql-engine:v2.40.0", 8080, "", "every table and the schema"),
        ("hasura/graphql-engine:v2.40.0", 8080, "environment: [HASURA_GRAPHQL_ADMIN_SECRET]", None),
        ("hasura/graphql-engine", 8080, "command: x serve --admin-secret s", None),
        ("mailhog/mailhog", 1025, "", None),
        ("axllent/mailpit", 1025, "", None),
    ],
)
def test_a_port_without_login_is_known_by_the_image(
    judge: Judge, image: str, port: int, body: str, what: str | None
) -> None:
    text = f"services:\n  s:\n    image: {image}\n    ports: ['{port}:{port}']\n"
    found = judge(f"{text}    {body}\n", [unauthenticated_service])
    messages = [one.finding.message for one in found]
    assert len(messages) == (what is not None)
    start = (
        f"service `s` asks for no password on port {port},"
        f" published on all interfaces: this gives access to {what}"
    )
    assert all(message.startswith(start) for message in messages)


def test_a_switch_that_opens_several_ports_is_one_finding(judge: Judge) -> None:
    text = (
        "services:\n  s:\n    image: neo4j:5\n    environment: {NEO4J_AUTH: none}\n"
        "    ports: ['7474:7474', '7687:7687']\n"
    )
    [one] = judge(text, [unauthenticated_service])
    assert one.span.text == "none"


def test_a_port_that_its_number_alone_reports_is_the_same_finding(judge: Judge) -> None:
    text = """\
services:
  search:
    image: elasticsearch:8.15.0
    environment: [xpack.security.enabled=false]
    ports: ["9200:9200", "9300:9300"]
"""
    rules = [unauthenticated_service, sensitive_port_published]
    first, other = judge(text, rules)
    assert (first.rule.name, first.span.text) == (
        "unauthenticated-service",
        "xpack.security.enabled=false",
    )
    assert [one.span.text for one in first.absorbed] == ['"9200:9200"']
    assert (other.rule.name, other.span.text) == ("sensitive-port-published", '"9300:9300"')


def test_a_range_of_ports_keeps_its_own_finding(judge: Judge) -> None:
    text = """\
services:
  search:
    image: elasticsearch:8.15.0
    environment: [xpack.security.enabled=false]
    ports: ["9200-9300:9200-9300"]
"""
    rules = [unauthenticated_service, port_on_all_interfaces]
    assert len(judge(text, rules)) == 2
