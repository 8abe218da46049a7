"""The rule `unknown-key`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.correctness.unknown_key import unknown_key

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


@pytest.mark.parametrize(
    ("body", "key", "meant"),
    [
        ("priviledged: true", "priviledged", "privileged"),
        ("'read-only': true", "'read-only'", "read_only"),
        ("Cap_Drop: [ALL]", "Cap_Drop", "cap_drop"),
        ("build: {contxt: .}", "contxt", "context"),
    ],
)
def test_a_single_typo_is_corrected(
    judge: Judge, fixed: Fixed, body: str, key: str, meant: str
) -> None:
    [one] = judge(service(body), [unknown_key])
    assert (one.severity.word, one.span.text) == ("error", key)
    assert one.finding.message.endswith(f"; did you mean `{meant}`?")
    assert one.finding.fix is not None
    assert one.finding.fix.title == f"Write `{meant}`"
    assert fixed(service(body), unknown_key) == service(body).replace(key, meant)


def test_no_duplicate_key_is_created(judge: Judge, fixed: Fixed) -> None:
    text = service("read_only: false, readonly: true")
    [one] = judge(text, [unknown_key])
    assert one.span.text == "readonly"
    assert one.finding.fix is None
    assert fixed(text, unknown_key) == text


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("whatever: true", "whatever"),
        ("limits: {memory: 1g}", "limits"),
        ("deploy: {read_only: true}", "read_only"),
        ("healthcheck: {test: [NONE], restart: always}", "restart"),
    ],
)
def test_dissimilar_keys_are_not_renamed(judge: Judge, body: str, key: str) -> None:
    [one] = judge(service(body), [unknown_key])
    assert (one.severity.word, one.span.text) == ("error", key)
    assert one.finding.fix is None


def test_a_key_at_the_wrong_level_names_the_right_one(judge: Judge) -> None:
    [one] = judge(service("replicas: 2"), [unknown_key])
    assert one.finding.message == (
        "`replicas` is not a key of a service; it belongs under `deploy`"
    )


def test_ignored_keys_are_a_warning(found: Found) -> None:
    files = {
        "compose.yaml": "include: [{path: b.yaml, project-directory: .}]\n"
        "services: {s: {image: x, nope: 1}}\n",
        "b.yaml": "services: {t: {image: x}}\n",
    }
    assert found(files, unknown_key) == [("warning", "project-directory"), ("error", "nope")]


def test_every_file_of_a_project_is_checked(judge: Judge) -> None:
    files = {
        "compose.yaml": "services: {s: {extends: {file: b.yaml, service: b}}}\n",
        "compose.override.yaml": "services: {s: {nope: 1}}\n",
        "b.yaml": "services: {b: {image: x, nope: 1}}\n",
    }
    names = {one.span.source.name for one in judge(files, [unknown_key])}
    assert names == {"b.yaml", "compose.override.yaml"}


@pytest.mark.parametrize(
    "text",
    [
        service("x-whatever: true"),
        service("environment: {WHATEVER: a}, labels: {whatever: a}"),
        service("logging: {driver: local, options: {whatever: a}}"),
        service("build: {context: ., args: {whatever: a}}"),
        "x-a: {whatever: true}\nservices: {s: {image: x}}\n",
        "version: '3'\nname: a\nservices: {s: {image: x}}\nvolumes: {whatever: }\n",
    ],
)
def test_user_defined_names_are_not_keys(found: Found, text: str) -> None:
    assert found(text, unknown_key) == []
