"""The rule `copy-from-empty-stage`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.correctness.copy_from_empty_stage import copy_from_empty_stage

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def copied(stage: str, source: str = "/app", origin: str = "empty") -> str:
    """Return a Dockerfile that copies from a stage."""
    return f"{stage}\nFROM debian:13\nCOPY --from={origin} {source} /x\n"


@pytest.mark.parametrize(
    "stage",
    [
        "FROM scratch AS empty",
        "FROM scratch AS Empty\nENV A=1\nLABEL a=b\nUSER 1",
        "FROM scratch AS a\nFROM a AS empty",
        "FROM scratch AS empty\nONBUILD COPY a /app",
    ],
)
def test_an_empty_stage_is_found(found: Found, stage: str) -> None:
    assert places(found, copied(stage), copy_from_empty_stage) == [("warning", "empty")]


def test_a_number_names_a_stage(judge: Judge) -> None:
    text = copied("FROM scratch", origin="0")
    [one] = judge({"Dockerfile": text}, [copy_from_empty_stage])
    assert one.finding.message == ("the stage from `scratch` is empty, so `/app` is not in it")


@pytest.mark.parametrize(
    "stage",
    [
        "FROM scratch AS empty\nCOPY a /app",
        "FROM scratch AS empty\nADD a /app",
        "FROM scratch AS empty\nWORKDIR /app",
        'FROM scratch AS empty\nRUN --mount=from=a,target=/b ["/b/x"]',
        "FROM scratch AS a\nCOPY a /app\nFROM a AS empty",
        "FROM scratch AS a\nONBUILD COPY a /app\nFROM a AS empty",
        "FROM debian:13 AS empty",
        "FROM debian:13 AS scratch\nFROM scratch AS empty",
    ],
)
def test_a_stage_with_files_is_silent(found: Found, stage: str) -> None:
    assert places(found, copied(stage), copy_from_empty_stage) == []


@pytest.mark.parametrize("source", ["/", ".", "/*", "$X", "./"])
def test_existing_and_uncertain_paths_are_silent(found: Found, source: str) -> None:
    text = copied("FROM scratch AS empty", source)
    assert places(found, text, copy_from_empty_stage) == []
