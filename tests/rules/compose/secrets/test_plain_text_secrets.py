"""Secrets in plain text: one finding each, and no message repeats one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.compose.secrets.conftest import ENV_FILE, RULES, TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Judge, VerdictOn


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
        " `DB_PASSWORD` (default of `${P}`)",
        "service `s` has the password of a URL as plain text in its environment variable `A`",
    }


def test_a_variable_file_is_searched(judge: Judge) -> None:
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


@pytest.mark.parametrize("path", ["s.env", "../s.env", "/etc/s.env"])
def test_a_missing_file_of_variables_is_no_gap(verdict_on: VerdictOn, path: str) -> None:
    verdict = verdict_on(ENV_FILE.replace("s.env", path))
    assert len(verdict.gaps) == 0


def test_the_value_of_a_variable_of_dot_env_is_not_in_the_file(judge: Judge) -> None:
    files = {
        "compose.yaml": service("environment: {DB_PASSWORD: '${P}', A: 'x://u:${P:-other}@h'}"),
        ".env": "P=hunter2\n",
    }
    assert judge(files, RULES) == []


def test_secrets_in_a_committed_file_are_found(verdict_on: VerdictOn, tmp_path: Path) -> None:
    text = (
        'services:\n  s: {image: x, environment: {DB_PASSWORD: "${PW}", URL: "amqp://u:${PW}@q"}}\n'
    )
    files = {"compose.yaml": text, ".env": "PW=hunter2\nUSER=app\n"}
    # Outside of Git it is where secrets belong.
    assert verdict_on(files, RULES).findings == []
    (tmp_path / ".git").mkdir()
    [one] = verdict_on(files, RULES).findings
    assert (one.span.source.name, one.span.text) == (".env", "hunter2")
    assert [each.text for each in one.finding.secrets] == ["hunter2"]
    assert one.finding.message.endswith("`DB_PASSWORD` (`${PW}` from `.env`)")
    assert '"${PW}"' in [each.span.text for each in one.finding.because]
    (tmp_path / ".gitignore").write_text(".env\n")
    assert verdict_on(files, RULES).findings == []


@pytest.mark.parametrize("item", ['P_TOKEN: "${P:-hunter2}"', "P_TOKEN: '${P-hunter2}'"])
def test_a_public_default_is_found_even_if_the_project_sets_a_value(
    verdict_on: VerdictOn, item: str
) -> None:
    text = f"services: {{s: {{image: x, environment: {{{item}}}}}}}\n"
    files = {"compose.yaml": text, ".env": "P=s3cr3t\n"}
    [one] = verdict_on(files, RULES).findings
    assert one.span.text == "hunter2"
    assert one.finding.message.endswith("(default of `${P}`)")
