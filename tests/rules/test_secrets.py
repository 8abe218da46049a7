"""The rules about secrets, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.any.secrets.secret_literal import secret_literal
from tightship.rules.compose.secrets.empty_password_allowed import (
    empty_password_allowed,
)
from tightship.rules.compose.secrets.literal_secret_in_environment import (
    literal_secret_in_environment,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge, VerdictOn
    from tests.rules.conftest import Found

COMPOSE_RULES = rules_of("compose", "secrets")

RULES = (*COMPOSE_RULES, secret_literal)

# Put together here, so that no scanner of this repository takes it for a real one.
TOKEN = "ghp_" + "aZ3kL9mQ7xR2vB8nC4tY6wE1sD5fG0hJqPuI"


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("environment: {DB_PASSWORD: hunter2}", "hunter2"),
        ("environment: {DB_PASSWORD: 'hunter2'}", "hunter2"),
        ("environment: [DB_PASSWORD=hunter2]", "hunter2"),
        ("environment: ['DB_PASSWORD=hunter2']", "hunter2"),
        ("environment: {DB_PASSWORD: '${P:-hunter2}'}", "hunter2"),
        ("environment: {A: 'amqp://u:hunter2@q'}", "hunter2"),
        ("command: [x, --password=hunter2]", "hunter2"),
        # What is there more than once is pointed at as a whole.
        ("environment: [PASSWORD=PASSWORD]", "PASSWORD=PASSWORD"),
        ("environment: {A: 'amqp://root:root@q'}", "'amqp://root:root@q'"),
        # What stands there in other words, too.
        ('environment: {DB_PASSWORD: "hun\\x74er2"}', '"hun\\x74er2"'),
        ("environment: {DB_PASSWORD: hun$$ter2}", "hun$$ter2"),
        ("environment: {DB_PASSWORD: 0x1F}", "0x1F"),
    ],
)
def test_the_secret_alone_is_pointed_at(found: Found, body: str, place: str) -> None:
    assert found(service(body), literal_secret_in_environment) == [("warning", place)]


def test_no_message_repeats_a_secret(judge: Judge) -> None:
    text = """
services:
  s:
    image: x
    environment: {DB_PASSWORD: hunter2, B: "redis://:hunter2@r", C: "${D:-TOKEN}"}
    command: x --password hunter2
    labels: [api.token=TOKEN]
""".replace("TOKEN", TOKEN)
    messages = [
        text
        for one in judge(text, RULES)
        for text in (one.finding.message, *(r.message for r in one.finding.because))
    ]
    assert len(messages) == 5
    assert not any("hunter2" in m or TOKEN in m for m in messages)


def test_the_message_says_whose_secret_it_is(judge: Judge) -> None:
    text = service("environment: {DB_PASSWORD: '${P:-hunter2}', A: 'x://u:hunter2@h'}")
    assert {one.finding.message for one in judge(text, RULES)} == {
        "service `s` has a secret as plain text in its environment variable"
        " `DB_PASSWORD`, with the default of `${P}`",
        "service `s` has the password of a URL as plain text in its environment"
        " variable `A`",
    }


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


def test_what_nobody_uses_is_no_setting_but_may_be_a_token(judge: Judge) -> None:
    text = (
        f"x-env: {{DB_PASSWORD: hunter2, A: {TOKEN}}}\nservices: {{s: {{image: x}}}}\n"
    )
    [one] = judge(text, RULES)
    assert (one.rule.name, one.span.text) == ("secret-literal", TOKEN)


def test_a_token_under_a_telling_name_is_one_finding(judge: Judge) -> None:
    for body in (
        f"environment: {{API_TOKEN: {TOKEN}}}",
        f"environment: [API_TOKEN={TOKEN}]",
        f"environment: {{API_TOKEN: 'Bearer {TOKEN}'}}",
        f"environment: {{API_TOKEN: '${{T:-{TOKEN}}}'}}",
        f"command: x --token {TOKEN}",
    ):
        [one] = judge(service(body), RULES)
        assert (one.rule.name, one.span.text) == ("secret-literal", TOKEN)
        absorbed = [other.rule.name for other in one.absorbed]
        assert absorbed == ["literal-secret-in-environment"]


def test_a_token_is_found_wherever_it_is_written(found: Found) -> None:
    text = f"""
# old: {TOKEN}
x-notes: &n |
  use {TOKEN}
  and {TOKEN}
services:
  s:
    image: x
    labels: {{{TOKEN}: *n}}
    volumes: ["./a:/{TOKEN}"]  # {TOKEN}
"""
    places = [
        place.strip().partition("\n")[0] for _, place in found(text, secret_literal)
    ]
    assert places == [TOKEN, "|", TOKEN, TOKEN, TOKEN]


def test_a_token_in_a_later_document_or_file_is_found_once(judge: Judge) -> None:
    files = {
        "compose.yaml": f"services: {{s: {{image: x}}}}\n---\n# {TOKEN}\nx-a: {TOKEN}\n",
        "compose.override.yaml": f"x-b: {TOKEN}\n",
    }
    found = judge(files, [secret_literal])
    names = [one.span.source.name for one in found]
    assert sorted(names) == ["compose.override.yaml", "compose.yaml", "compose.yaml"]


ENV_FILE = (
    "services:\n  s: {image: x, env_file: s.env}\n  t: {image: x, env_file: s.env}\n"
)


def test_a_file_of_variables_is_looked_through(judge: Judge) -> None:
    env = f'USER=u\nDB_PASSWORD="hunter2"  # so\nNOTE={TOKEN}\nAPI_TOKEN=${{T}}\n'
    found = judge({"compose.yaml": ENV_FILE, "s.env": env}, RULES)
    assert [(one.rule.name, one.span.text) for one in found] == [
        ("literal-secret-in-environment", "hunter2"),
        ("secret-literal", TOKEN),
    ]
    because = [r.span.text for r in found[0].finding.because]
    assert because == ["s.env", "t"]


def test_a_file_that_git_ignores_is_the_place_for_secrets(
    verdict_on: VerdictOn, tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("*.env\n")
    env = f"DB_PASSWORD=hunter2\nNOTE={TOKEN}\n"
    assert verdict_on({"compose.yaml": ENV_FILE, "s.env": env}, RULES).findings == []


def test_a_missing_file_of_variables_is_no_gap(verdict_on: VerdictOn) -> None:
    verdict = verdict_on(ENV_FILE)
    assert verdict.gaps == 0
    assert verdict_on(ENV_FILE.replace("s.env", "../s.env")).gaps > 0


def test_the_value_of_a_variable_of_dot_env_is_not_in_the_file(judge: Judge) -> None:
    files = {
        "compose.yaml": service(
            "environment: {DB_PASSWORD: '${P}', A: 'x://u:${P:-other}@h'}"
        ),
        ".env": "P=hunter2\n",
    }
    assert judge(files, RULES) == []


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
    text = service(f"environment: {{{variables}}}")
    assert found(text, empty_password_allowed) == [("warning", place)]


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
def test_a_database_that_asks_is_silent(judge: Judge, body: str) -> None:
    assert judge(service(body), [empty_password_allowed]) == []


def test_a_password_in_a_file_of_variables_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": service(
            "environment: {MYSQL_ALLOW_EMPTY_PASSWORD: 1}, env_file: s.env"
        ),
        "s.env": "MYSQL_ROOT_PASSWORD=hunter2\n",
    }
    assert judge(files, [empty_password_allowed]) == []
    files["s.env"] = "A=b\n"
    assert len(judge(files, [empty_password_allowed])) == 1
