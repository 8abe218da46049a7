"""The rule `missing-file`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.missing_file import missing_file

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def service(body: str) -> str:
    return f"services: {{web: {{image: x, {body}}}}}\n"


def test_the_message_describes_the_behaviour_of_compose(judge: Judge) -> None:
    [one] = judge(service("env_file: a.env"), [missing_file])
    assert (one.severity.word, one.finding.message) == (
        "info",
        "`a.env` does not exist, and Compose starts nothing without it; create it,"
        " correct the path, or write `required: false`",
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("env_file: [{path: a.env, required: true}]", "a.env"),
        ("env_file: [b.env, {path: a.env}]", "a.env"),
        ('env_file: "${DIR:-conf}/a.env"', '"${DIR:-conf}/a.env"'),
        ("label_file: a.labels", "a.labels"),
    ],
)
def test_a_required_file_that_is_missing_is_found(found: Found, body: str, text: str) -> None:
    files = {"compose.yaml": service(body), "b.env": "B=1\n"}
    assert found(files, missing_file) == [("info", text)]


@pytest.mark.parametrize(
    "body",
    [
        "env_file: b.env",
        "env_file: ./b.env",
        "env_file: [{path: a.env, required: false}]",
        "env_file: [{path: a.env, required: '${R}'}]",
        "env_file: ../a.env",
        "env_file: /etc/a.env",
        "env_file: '${FILE}'",
        "env_file: ''",
        "label_file: [b.env]",
    ],
)
def test_an_existing_or_undecided_file_is_silent(found: Found, body: str) -> None:
    files = {"compose.yaml": service(body), "b.env": "B=1\n"}
    assert found(files, missing_file) == []
