"""What of a project's texts is a secret in plain sight, and what only looks like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.isolation.named_text import named_texts

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf


def secrets(container_of: ContainerOf, body: str) -> list[tuple[str, str]]:
    found = named_texts(container_of(body).settings)
    return [
        (setting.what, secret)
        for setting in found
        if (secret := setting.secret or setting.url_password)
    ]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("environment: {DB_PASSWORD: s3cret}", "environment variable `DB_PASSWORD`"),
        ("environment: [DB_PASSWORD=s3cret]", "environment variable `DB_PASSWORD`"),
        ("build: {args: {NPM_TOKEN: s3cret}}", "build argument `NPM_TOKEN`"),
        ("build: {labels: {api.token: s3cret}}", "label of the image `api.token`"),
        ("labels: [app.password=s3cret]", "label `app.password`"),
        ("deploy: {labels: {app.password: s3cret}}", "label `app.password`"),
        ("annotations: {app.password: s3cret}", "annotation `app.password`"),
        ("command: x --password s3cret", "command"),
        ("command: [x, --password=s3cret]", "command"),
        ("command: [x, --password, s3cret]", "command"),
        ("command: [sh, -c, 'PGPASSWORD=s3cret psql -h db']", "command"),
        ("entrypoint: x --password s3cret", "entrypoint"),
        ("command: mysql -uroot -ps3cret", "command"),
        ("healthcheck: {test: redis-cli -a s3cret ping}", "health check"),
        ("healthcheck: {test: [CMD, mongosh, -p, s3cret]}", "health check"),
        (
            "healthcheck: {test: [CMD-SHELL, 'x && /usr/bin/mysqladmin -ps3cret ping']}",
            "health check",
        ),
        ("environment: {DB: 'postgres://u:s3cret@db/app'}", "environment variable `DB`"),
        ("command: x --url postgres://u:s3cret@db/app", "command"),
        ("build: 'https://u:s3cret@example.com/x.git'", "build context"),
        ("build: {context: 'https://u:s3cret@example.com/x.git'}", "build context"),
        ("environment: {DB_PASSWORD: '${PW:-s3cret}'}", "environment variable `DB_PASSWORD`"),
        ("environment: {DB: 'postgres://u:${PW:-s3cret}@db'}", "environment variable `DB`"),
        ("environment: {DB: 'postgres://${U}:s3cret@db'}", "environment variable `DB`"),
    ],
)
def test_secrets_are_found_in_every_place(container_of: ContainerOf, body: str, what: str) -> None:
    assert set(secrets(container_of, body)) == {(what, "s3cret")}


@pytest.mark.parametrize(
    "body",
    [
        # What other linters report, and should not.
        "environment: {DATABASE_PASSWORD: /run/secrets/db-password}",
        "environment: {SECRET_FORCED_LANGUAGE: en, SECRET_LOCAL_HOSTNAME: 0.0.0.0}",
        "environment: {JWT_SECRET_KEY: '%kernel.project_dir%/config/jwt/private.pem'}",
        "environment: {MAIL_PASSWORD: 'null', DB_PASSWORD: none}",
        "environment: {CF_API_TOKEN: '<MY-CF-API-TOKEN>', PRIVATE_KEY: '<PRIVKEY>'}",
        "environment: {PASSWORD_HASH: '$$2y$$10$$hBCoykrB95WSzuV4fafBzOHWKu9sbyVa'}",
        "environment: {DB_PASSWORD_FILE: /run/x, PUBLIC_KEY: abc, LICENSE_KEY: abc}",
        "environment: {TOKEN_TTL: 3600, POSTGRES_HOST_AUTH_METHOD: trust}",
        "environment: {DB_PASSWORD: '${PW}', DB_TOKEN: '${T:?}', API_KEY: }",
        "environment: [DB_PASSWORD, DB_TOKEN=]",
        "environment: {DB: 'postgres://u:${PW}@db/app', AT: 'http://db:80/@x'}",
        "command: sh -c 'mysqladmin ping -p$$MYSQL_ROOT_PASSWORD'",
        "command: mysql --port 3306 -P 3306 --protocol tcp",
        "command: [redis-cli, -a, $$REDIS_PASSWORD]",
        "command: x --password-file /run/secrets/x --token-ttl 60",
        "labels: ['traefik.http.middlewares.a.basicauth.users=u:$$apr1$$x$$y']",
        "secrets: [db_password]",
    ],
)
def test_similar_text_is_no_secret(container_of: ContainerOf, body: str) -> None:
    assert secrets(container_of, body) == []


CONFIG = """
services:
  s: {image: x, configs: [app, {source: other}]}
  none: {image: x, configs: [gone]}
configs:
  app:
    content: |
      # password = old-one
      user = app
      password = one
      "apiToken": "t wo",
      masterauth: 'thr ee' ; url = x
      db.url=postgres://u:four@db
      password_file = /run/secrets/x
      secret = ${FIVE}
  other: {content: "token: six"}
  unused: {content: "password: seven"}
"""


def test_lines_of_a_config_are_settings(containers_of: ContainersOf) -> None:
    found = containers_of(CONFIG)
    places = [
        (setting.name, setting.span.part(secret).text)
        for setting in named_texts(found["s"].settings)
        if (secret := setting.secret or setting.url_password)
    ]
    assert places == [
        ("password", "one"),
        ("apiToken", "t wo"),
        ("masterauth", "thr ee"),
        ("db.url", "four"),
        ("token", "six"),
    ]
    assert list(named_texts(found["none"].settings)) == []


def test_a_config_of_several_services_is_searched_once(containers_of: ContainersOf) -> None:
    text = """
    services:
      a: {image: x, configs: [c]}
      b: {image: x, configs: [c, d]}
    configs:
      c: {content: "token: one"}
      d: {content: "token: two"}
    """
    found = containers_of(text)
    texts = {n: [s.text for s in named_texts(c.settings)] for n, c in found.items()}
    assert texts == {"a": ["one"], "b": ["two"]}


def test_a_long_line_costs_little(containers_of: ContainersOf) -> None:
    line = "password = x " * 500
    text = f"""
    services:
      s: {{image: x, configs: [a]}}
    configs:
      a: {{content: "{line}"}}
    """
    assert list(named_texts(containers_of(text)["s"].settings)) == []


def test_a_known_token_is_marked_in_place_of_the_value(container_of: ContainerOf) -> None:
    token = "ghp_" + "aZ3kL9mQ7xR2vB8nC4tY6wE1sD5fG0hJqPuI"
    body = f"environment: {{API_TOKEN: 'Bearer {token} '}}"
    assert secrets(container_of, body) == [("environment variable `API_TOKEN`", token)]


def test_a_secret_is_marked_on_its_own_line(containers_of: ContainersOf) -> None:
    text = """
    services:
      s: {image: x, configs: [a]}
    configs:
      a:
        content: |
          user = app
          old_password = app

          password = ap
          secret = secret
    """
    found = list(named_texts(containers_of(text)["s"].settings))
    places = [s.span.part(s.secret).text for s in found if s.secret]
    assert places == ["app", "ap", "secret = secret"]
