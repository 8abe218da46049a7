"""The rule `literal-secret-in-environment`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.secrets.literal_secret_in_environment import (
    literal_secret_in_environment,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("environment: {DB_PASSWORD: hunter2}", "hunter2"),
        ("environment: {DB_PASSWORD: 'hunter2'}", "hunter2"),
        ("environment: [DB_PASSWORD=hunter2]", "hunter2"),
        ("environment: ['DB_PASSWORD=hunter2']", "hunter2"),
        ("environment: {DB_PASSWORD: '${P:-hunter2}'}", "hunter2"),
        ("environment: {A: 'amqp://u:hunter2@q'}", "hunter2"),
        ("environment: {BASIC_AUTH: 'admin:hunter2'}", "admin:hunter2"),
        ("command: [x, --password=hunter2]", "hunter2"),
        ("command: [x, --password, hunter2]", "hunter2"),
        ("post_start: [{command: [x, --token, hunter2]}]", "hunter2"),
        ("pre_stop: [{command: x, environment: [API_KEY=hunter2]}]", "hunter2"),
        # What is there more than once is pointed at as a whole.
        ("environment: [PASSWORD=PASSWORD], ports: ['80']", "PASSWORD=PASSWORD"),
        ("environment: {A: 'amqp://root:root@q'}, ports: ['80']", "'amqp://root:root@q'"),
        # What stands there in other words, too.
        ('environment: {DB_PASSWORD: "hun\\x74er2"}', '"hun\\x74er2"'),
        ("environment: {DB_PASSWORD: hun$$ter2}", "hun$$ter2"),
        ("environment: {DB_PASSWORD: 0x1F}", "0x1F"),
    ],
)
def test_only_the_secret_is_marked(found: Found, body: str, place: str) -> None:
    assert found(service(body), literal_secret_in_environment) == [("warning", place)]


@pytest.mark.parametrize(
    "line", ["rails['smtp_password'] = \"hunter2\"", "'token' => 'hunter2'", "password: hunter2"]
)
def test_a_configuration_in_a_variable_is_read_line_by_line(found: Found, line: str) -> None:
    value = f"CONFIG: |\n        # a comment\n        {line}\n"
    text = f"services:\n  s:\n    image: x\n    environment:\n      {value}"
    assert found(text, literal_secret_in_environment) == [("warning", "hunter2")]


def test_a_secret_in_an_anchor_is_one_finding(judge: Judge) -> None:
    text = """
x-env: &env {DB_PASSWORD: hunter2}
services:
  a: {image: x, environment: *env}
  b: {image: x, environment: {<<: *env, A: b}}
  c: {image: x, environment: {<<: *env, DB_PASSWORD: "${P}"}}
"""
    [one] = judge(text, [literal_secret_in_environment])
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_a_connection_string_is_no_url(judge: Judge) -> None:
    value = "Server=db;User Id=sa;Password=Pa55w0rd!;Encrypt=True"
    text = service(f"environment: {{CONNECTION: '{value}'}}")
    [one] = judge(text, [literal_secret_in_environment])
    assert one.span.text == "Pa55w0rd!"
    assert one.finding.message == (
        "service `s` has the password of a connection string as plain text in its"
        " environment variable `CONNECTION`"
    )


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ('{type: cifs, o: "username=u,password=hunter2,uid=0"}', "hunter2"),
        ('{type: cifs, o: "username=u,pass=hunter2"}', "hunter2"),
        ("{sshcmd: 'u@h:/x', password: hunter2}", "hunter2"),
        ('{o: "addr=h", device: "ftp://u:hunter2@h/x"}', "hunter2"),
        ('{type: cifs, o: "username=u,password=${P:-hunter2}"}', "hunter2"),
    ],
)
def test_the_options_of_a_volume_hold_a_secret(found: Found, options: str, place: str) -> None:
    text = service("volumes: ['media:/m']") + (f"volumes: {{media: {{driver_opts: {options}}}}}\n")
    assert found(text, literal_secret_in_environment) == [("warning", place)]


@pytest.mark.parametrize(
    "options",
    [
        '{type: cifs, o: "username=u,password=${P}"}',
        '{type: cifs, o: "credentials=/etc/smb.cred"}',
        '{type: nfs, o: "addr=10.0.0.1,rw", device: ":/x"}',
    ],
)
def test_volumes_without_a_literal_secret(found: Found, options: str) -> None:
    text = service("volumes: ['media:/m']") + (f"volumes: {{media: {{driver_opts: {options}}}}}\n")
    assert found(text, literal_secret_in_environment) == []


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("logging: {driver: splunk, options: {splunk-token: hunter2}}", "hunter2"),
        ("logging: {options: {loki-url: 'https://u:hunter2@l/push'}}", "hunter2"),
        ("build: {context: ., cache_to: ['type=s3,secret_access_key=hunter2']}", "hunter2"),
        ("build: {additional_contexts: {a: 'https://u:hunter2@h/a.git'}}", "hunter2"),
        ("healthcheck: {test: 'curl -u elastic:hunter2 localhost:9200'}", "hunter2"),
        ("healthcheck: {test: [CMD, sqlcmd, -U, sa, -P, hunter2]}", "hunter2"),
        ("command: [curl, -H, 'Authorization: Bearer hunter2', x]", "hunter2"),
        ("healthcheck: {test: 'curl -H \"X-Api-Key: hunter2\" x'}", "hunter2"),
        ("entrypoint: [mysql], command: [-phunter2]", "hunter2"),
        ("entrypoint: mongosh, command: [-p, hunter2]", "hunter2"),
    ],
)
def test_other_places_that_hold_a_secret(found: Found, body: str, place: str) -> None:
    assert found(service(body), literal_secret_in_environment) == [("warning", place)]


@pytest.mark.parametrize(
    "body",
    [
        "environment: [OPENAI_API_KEY=user_provided]",
        "environment: ['X_API_KEY=\"\"']",
        "environment: ['X_API_KEY=${X:-\"\"}']",
        "environment: {LIMITER_GET_TOKEN: 3}",
        "environment: {A: 'postgresql://placeholder:placeholder@db/x'}",
        "command: [sqlcmd, -P, $$SA_PASSWORD]",
        "command: [curl, -u, 'elastic:${P}', x]",
        "command: [mkdir, -p, app1]",
        "command: [curl, -H, 'Authorization: Bearer ${T}', x]",
        "command: [mysqld, -phunter2]",
    ],
)
def test_values_and_flags_that_are_no_secret(found: Found, body: str) -> None:
    assert found(service(body), literal_secret_in_environment) == []


@pytest.mark.parametrize(
    "value",
    [
        "-Xmx1g -Ddb.password=hunter2",
        "--requirepass hunter2",
        "host=db user=app password=hunter2 dbname=x",
        '{"spring":{"datasource":{"password":"hunter2"}}}',
    ],
)
def test_a_secret_with_its_name_inside_of_a_value(found: Found, value: str) -> None:
    text = service(f"environment: {{OPTS: '{value}'}}")
    assert found(text, literal_secret_in_environment) == [("warning", "hunter2")]


@pytest.mark.parametrize(
    "value",
    [
        "-Ddb.password=${P} -Dtoken.file=/run/x",
        "--password-file /run/x",
        "host=db user=app dbname=x",
        "Enter your password: then press return",
        '{"password":"${P}","tokenUrl":"https://x"}',
    ],
)
def test_a_value_without_a_secret_inside(found: Found, value: str) -> None:
    text = service(f"environment: {{OPTS: '{value}'}}")
    assert found(text, literal_secret_in_environment) == []
