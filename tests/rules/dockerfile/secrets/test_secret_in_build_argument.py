"""The rule `secret-in-build-argument`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.secrets.secret_in_build_argument import secret_in_build_argument

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_an_argument_of_many_stages_is_reported_once(found: Found) -> None:
    text = (
        "ARG NPM_TOKEN\n"
        "FROM a:1 AS x\nARG NPM_TOKEN\n"
        "FROM b:1\nARG NPM_TOKEN\nARG DB_PASSWORD\nONBUILD ARG DB_PASSWORD API_KEY\n"
    )
    assert found({"Dockerfile": text}, secret_in_build_argument) == [
        ("info", "NPM_TOKEN"),
        ("info", "DB_PASSWORD"),
        ("info", "API_KEY"),
    ]


def test_each_default_is_reported(found: Found) -> None:
    text = (
        "ARG DB_PASSWORD=one1\nFROM b:1\nARG DB_PASSWORD='two2'\nARG DB_PASSWORD\n"
        "RUN x $DB_PASSWORD\n"
    )
    assert found({"Dockerfile": text}, secret_in_build_argument) == [
        ("warning", "one1"),
        ("warning", "two2"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        'ARG GPG_KEYS="E3FF2839C048B25C084DEBE9B26995E310250568'
        ' 7169605F62C751356D054A26A821E680E5FA6305"',
        "ARG NPM_TOKEN_FILE",
        "ARG TOKEN_TTL=3600",
        "ARG PASSWORD=$GIVEN",
        "ARG API_TOKEN='<your token>'",
        "ARG API_TOKEN='{{ token }}'",
    ],
)
def test_arguments_that_are_no_secret(body: str, found: Found) -> None:
    assert found(image(body), secret_in_build_argument) == []


def test_a_passed_argument_is_reported_in_the_compose_file(found: Found) -> None:
    compose = "services:\n  app: {build: {context: ., args: {DB_PASSWORD: hunter2}}}\n"
    files = {"compose.yaml": compose, **image("ARG DB_PASSWORD")}
    assert found(files, secret_in_build_argument) == [("info", "DB_PASSWORD")]


def test_equal_defaults_are_one_finding(judge: Judge) -> None:
    text = "".join(f"FROM b:{i}\nARG DB_PASSWORD=hunter2\nRUN x $DB_PASSWORD\n" for i in range(5))
    [one] = judge({"Dockerfile": text}, [secret_in_build_argument])
    places = [related.span.text for related in one.finding.because]
    assert places == ["hunter2"] * 4
    assert len(one.finding.secrets) == 5
    assert one.finding.message == ("`ARG DB_PASSWORD` has a secret as its default")


def test_arguments_that_nothing_reads_are_one_finding(judge: Judge) -> None:
    text = "FROM b:1\n" + "".join(f"ARG FAKE{i}_TOKEN=abc12{i}\n" for i in range(34))
    text += "ARG REAL_TOKEN=abc\nRUN x ${REAL_TOKEN}\n"
    unread, real = judge({"Dockerfile": text}, [secret_in_build_argument])
    assert unread.finding.message == (
        "`ARG FAKE0_TOKEN` and 33 more unused arguments have a secret as their default"
    )
    assert len(unread.finding.secrets) == 34
    assert real.span.text == "abc"
