"""The rule `sensitive-port-published`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.network.sensitive_port_published import sensitive_port_published

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_ports_of_an_anchor_are_one_finding(judge: Judge) -> None:
    text = """
x-ports: &ports ["5432:5432"]
services:
  a: {image: postgres, ports: *ports}
  b: {image: postgres, ports: *ports}
"""
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.fix is None
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_an_override_adds_to_the_ports(found: Found) -> None:
    files = {
        "compose.yaml": service("command: postgres, ports: ['5432:5432']"),
        "compose.override.yaml": "services:\n  s: {ports: ['127.0.0.1:5432:5432']}\n",
    }
    assert found(files, sensitive_port_published) == [("warning", "'5432:5432'")]
    over = "services:\n  s: {ports: !override ['127.0.0.1:5432:5432']}\n"
    files["compose.override.yaml"] = over
    assert found(files, sensitive_port_published) == []


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ("image: postgres:17, ports: ['5432:5432']", "PostgreSQL"),
        ("image: example.com/team/postgres-ha, ports: ['5432:5432']", "PostgreSQL"),
        ("image: supabase/postgres, ports: ['5432:5432']", "PostgreSQL"),
        ("image: x, command: redis-server, ports: ['6379:6379']", "Redis"),
        ("image: x, command: sh -c 'exec redis-server', ports: ['6379:6379']", "Redis"),
        ("image: '${DB}', ports: ['5432:5432']", ""),
        # The number is another program's here.
        ("image: pawelmalak/flame, ports: ['5005:5005']", ""),
        ("image: owncloud/ocis, ports: ['9200:9200']", ""),
        ("image: apache/activemq-classic, ports: ['5672:5672']", ""),
        ("image: x, ports: ['5432:5432']", ""),
    ],
)
def test_the_image_or_the_command_decides_the_server(judge: Judge, body: str, server: str) -> None:
    found = judge(f"services: {{s: {{{body}}}}}\n", [sensitive_port_published])
    assert ["(" in one.finding.message for one in found] == [True] * bool(server)
    assert all(f"({server})" in one.finding.message for one in found)


def test_a_service_is_called_after_its_server_if_a_variable_decides_the_image(found: Found) -> None:
    text = "services: {postgres: {image: '${DB}', ports: ['5432:5432']}}\n"
    assert found(text, sensitive_port_published) == [("warning", "'5432:5432'")]


def test_the_built_image_decides_the_server(found: Found) -> None:
    files = {
        "compose.yaml": "services: {s: {build: ., ports: ['9229:9229', '5005:5005']}}\n",
        "Dockerfile": "FROM node:24\nCMD node --inspect=0.0.0.0 server.js\n",
    }
    assert found(files, sensitive_port_published) == [("warning", "'9229:9229'")]


@pytest.mark.parametrize(
    ("environment", "count"),
    [("{}", 0), ("{LOCAL_JMX: 'yes'}", 0), ("{LOCAL_JMX: 'no'}", 1), ("{LOCAL_JMX: '${JMX}'}", 0)],
)
def test_jmx_of_cassandra_is_remote_only_if_that_is_set(
    found: Found, environment: str, count: int
) -> None:
    body = f"ports: ['7199:7199'], environment: {environment}"
    text = f"services:\n  s: {{image: 'cassandra:5', {body}}}\n"
    assert len(found(text, sensitive_port_published)) == count


def test_a_different_host_port_is_named(judge: Judge) -> None:
    text = service("command: mongod, ports: ['27020:27017']")
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.message == (
        "service `s` publishes port 27017 (MongoDB) on all interfaces as 27020"
    )
