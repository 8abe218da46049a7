"""The rule `include-conflict`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.include_conflict import include_conflict

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

SERVICE = "services: {a: {image: x}}\n"


def project(here: str, there: str) -> dict[str, str]:
    return {"compose.yaml": f"include: [sub.yaml]\n{here}", "sub.yaml": there}


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("services: {a: {image: x}}", "a"),
        ("networks: {n: {internal: true}}", "n"),
        ("volumes: {v: {driver: local}}", "v"),
        ("secrets: {k: {file: ./k}}", "k"),
        ("configs: {c: {file: ./c}}", "c"),
    ],
)
def test_a_name_is_marked_here_and_shown_there(judge: Judge, section: str, key: str) -> None:
    here = section.replace(": x", ": y").replace("true", "false").replace("./", "./o/")
    here = here.replace("driver: local", "name: w")
    [one] = judge(project(f"{here}\n", f"{section}\n"), [include_conflict])
    assert (one.severity.word, one.span.text) == ("warning", key)
    assert one.span.source.name == "compose.yaml"
    assert f"`{key}`" in one.finding.message
    [there] = one.finding.because
    assert (there.span.source.name, there.span.text) == ("sub.yaml", key)
    assert one.finding.fix is None


def test_an_override_is_laid_over_what_is_included(found: Found) -> None:
    files = project("services: {b: {image: x}}\n", SERVICE)
    files["compose.override.yaml"] = "services: {a: {privileged: true}}\n"
    assert found(files, include_conflict) == []


def test_two_included_files_can_conflict(judge: Judge) -> None:
    files = {
        "compose.yaml": "include: [a.yaml, b.yaml]\n",
        "a.yaml": SERVICE,
        "b.yaml": "services: {a: {image: y}}\n",
    }
    [one] = judge(files, [include_conflict])
    assert {one.span.source.name, one.finding.because[0].span.source.name} == {"a.yaml", "b.yaml"}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("services: {b: {image: x}}\n", SERVICE),
        # Another fault is for another rule.
        ("services: {b: {image: x, depends_on: [c]}}\n", SERVICE),
        # What says the same is no conflict.
        (SERVICE, SERVICE),
        ("volumes: {a: }\nservices: {b: {image: x}}\n", SERVICE),
        ("x-a: {a: 1}\nservices: {b: {image: x}}\n", f"x-a: {{a: 2}}\n{SERVICE}"),
    ],
)
def test_other_names_are_silent(found: Found, here: str, there: str) -> None:
    assert found(project(here, there), include_conflict) == []


def test_extended_files_are_not_included(found: Found) -> None:
    files = {
        "compose.yaml": "services: {a: {extends: {file: sub.yaml, service: a}}}\n",
        "sub.yaml": SERVICE,
    }
    assert found(files, include_conflict) == []
