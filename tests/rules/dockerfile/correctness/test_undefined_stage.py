"""The rule `undefined-stage`, beyond its examples, as seen with BuildKit 0.13.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.correctness.undefined_stage import undefined_stage

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "text",
    [
        "FROM scratch AS a\nCOPY --from=«0» f /\n",
        "FROM scratch AS a\nCOPY --from=«A» f /\n",
        "FROM scratch\nCOPY --from=«5» f /\n",
        "FROM scratch\nCOPY --from=«-1» f /\n",
        "FROM scratch AS a\nRUN --mount=from=«a»,target=/x y\n",
        "FROM scratch AS a\nCOPY --from=«b» f /\nFROM scratch AS b\nFROM a\n",
        "FROM scratch AS a\nCOPY --from=«1» f /\nFROM scratch AS b\nFROM a\n",
        "FROM scratch AS a\nCOPY --from=«b» f /\nFROM scratch AS b\nCOPY --from=a f /\n",
        "FROM scratch AS a\nFROM scratch AS x\nCOPY --from=«a» f /\nFROM scratch AS a\n",
        "FROM scratch AS a\nFROM a AS a\nCOPY --from=«a» f /\n",
    ],
)
def test_a_stage_that_is_not_above_is_an_error(found: Found, text: str) -> None:
    before, mark, _ = text.replace("»", "«").split("«")
    plain = text.replace("«", "").replace("»", "")
    assert plain.startswith(before + mark)
    assert places(found, plain, undefined_stage) == [("error", mark)]


@pytest.mark.parametrize(
    "text",
    [
        "FROM scratch AS a\nFROM scratch\nCOPY --from=+0 f /\nCOPY --from=00 f /\n",
        "FROM scratch\nCOPY --from= f /\n",
        "FROM scratch\nCOPY --from=nginx x /y\nCOPY --from=1 f /\n",
        "FROM scratch AS a\nONBUILD COPY --from=a f /\nONBUILD COPY --from=7 f /\n",
        "FROM scratch AS a\nFROM a AS a\n",
        "FROM node AS node\n",
        "FROM alpine AS a\nFROM scratch AS alpine\n",
        "FROM tools AS a\nFROM tools AS tools\n",
        "FROM scratch AS node1\nFROM scratch\nCOPY --from=node f /\n",
        "FROM scratch AS pythons\nFROM scratch\nCOPY --from=python f /\n",
        "FROM scratch AS builder\nFROM scratch\nCOPY --from=me/bulider f /\n",
        "FROM scratch AS builder\nFROM scratch\nCOPY --from=bulider:1 f /\n",
        "FROM tool\n",
    ],
)
def test_stages_and_possible_images_are_silent(found: Found, text: str) -> None:
    assert places(found, text, undefined_stage) == []


@pytest.mark.parametrize("step", ["COPY --from=wob f /", "RUN --mount=from=wob,target=/x y"])
def test_a_name_of_nothing_is_an_info(found: Found, step: str) -> None:
    text = f"FROM scratch AS web\nFROM scratch\n{step}\n"
    assert places(found, text, undefined_stage) == [("info", "wob")]


def test_an_image_of_the_project_and_a_context_are_known(found: Found) -> None:
    compose = """
        services:
          base: {image: wob, build: {context: base}}
          web: {build: {context: ., additional_contexts: {assets: ./assets}}}
        """
    text = "FROM scratch\nCOPY --from=wob f /\nCOPY --from=assets f /\nCOPY --from=x f /\n"
    files = {"compose.yaml": compose, "Dockerfile": text, "base/Dockerfile": "FROM scratch\n"}
    assert found(files, undefined_stage) == [("info", "x")]


def test_a_misspelt_name_is_a_warning(found: Found) -> None:
    text = (
        "FROM scratch AS builder\nFROM bulider\nRUN --mount=from=buidler,target=/x y\n"
        "RUN --mount=from=0,target=/x y\nCOPY --from=Buillder f /\n"
    )
    # An image has no capitals, so the last one is refused for its name.
    assert places(found, text, undefined_stage) == [
        ("warning", "bulider"),
        ("warning", "buidler"),
        ("warning", "0"),
    ]


def test_from_takes_a_stage_below_for_an_image(found: Found) -> None:
    text = "FROM assets AS a\nFROM node:22 AS assets\n"
    assert places(found, text, undefined_stage) == [("warning", "assets")]


def target(found: Found, value: str) -> list[tuple[str, str]]:
    files = {
        "compose.yaml": f"services:\n  web:\n    build:\n      context: .\n      target: {value}\n",
        "Dockerfile": "FROM nginx:1.29 AS Production\n",
    }
    return found(files, undefined_stage)


def test_a_target_is_a_name_and_no_number(found: Found) -> None:
    assert target(found, "production") == []
    assert target(found, "PRODUCTION") == []
    assert target(found, '"0"') == [("error", '"0"')]
    assert target(found, "prodution") == [("error", "prodution")]
