"""The rule `empty-password-allowed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.secrets.empty_password_allowed import empty_password_allowed

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("variables", "place"),
    [
        ("POSTGRES_HOST_AUTH_METHOD: trust", "trust"),
        ("POSTGRES_HOST_AUTH_METHOD: trust, POSTGRES_PASSWORD: '${P}'", "trust"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD: 'yes'", "yes"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD: 1, MYSQL_PASSWORD: '${P}'", "1"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD: x, MYSQL_ROOT_PASSWORD: ''", "x"),
        ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: 'true'", "true"),
        ("ALLOW_EMPTY_PASSWORD: 'yes'", "yes"),
        ("NEO4J_AUTH: none", "none"),
    ],
)
def test_an_open_database_is_found(found: Found, variables: str, place: str) -> None:
    reached = service(f"environment: {{{variables}}}, ports: ['5000']")
    assert found(reached, empty_password_allowed) == [("warning", place)]
    alone = service(f"environment: {{{variables}}}")
    assert found(alone, empty_password_allowed) == [("info", place)]


@pytest.mark.parametrize(
    "body",
    [
        "environment: {POSTGRES_HOST_AUTH_METHOD: md5}",
        "environment: {POSTGRES_HOST_AUTH_METHOD: '${METHOD}'}",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: ''}",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: '${EMPTY:-}'}",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1, MYSQL_ROOT_PASSWORD: '${P}'}",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1, MYSQL_ROOT_PASSWORD_FILE: /p}",
        "environment: [MYSQL_ALLOW_EMPTY_PASSWORD=1, MYSQL_ROOT_PASSWORD]",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1, MYSQL_RANDOM_ROOT_PASSWORD: 1}",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}, env_file: gone.env",
        "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}, extends: {file: g, service: b}",
        "environment: {ALLOW_EMPTY_PASSWORD: 'no'}",
        "environment: {ALLOW_EMPTY_PASSWORD: 'yes', REDIS_PASSWORD: '${P}'}",
        "environment: {NEO4J_AUTH: 'neo4j/${P}'}",
    ],
)
def test_a_database_with_a_password_is_silent(judge: Judge, body: str) -> None:
    assert judge(service(body), [empty_password_allowed]) == []


def test_a_password_in_a_file_of_variables_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": service("environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}, env_file: s.env"),
        "s.env": "MYSQL_ROOT_PASSWORD=hunter2\n",
    }
    assert judge(files, [empty_password_allowed]) == []
    files["s.env"] = "A=b\n"
    assert len(judge(files, [empty_password_allowed])) == 1


@pytest.mark.parametrize(
    ("command", "count"),
    [
        ("--skip-grant-tables", 1),
        ("mysqld --skip_grant_tables --port 3306", 1),
        ("[mysqld, --skip-grant-tables=1]", 1),
        ("mysqld --skip-grant-tables=OFF", 0),
        ("mysqld --skip-name-resolve", 0),
    ],
)
def test_a_server_without_accounts_is_found(found: Found, command: str, count: int) -> None:
    text = service(f"command: {command}, environment: {{MYSQL_ROOT_PASSWORD: '${{P}}'}}")
    assert len(found(text, empty_password_allowed)) == count
