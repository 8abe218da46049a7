"""Stages and arguments that there are not. What is said of BuildKit was seen with 0.13.2."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import pytest

from tightship.rules.dockerfile.correctness.duplicate_stage_name import (
    duplicate_stage_name,
)
from tightship.rules.dockerfile.correctness.reserved_stage_name import (
    reserved_stage_name,
)
from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)
from tightship.rules.dockerfile.correctness.undefined_stage import (
    undefined_stage,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.rules.kit import Rule


def places(found: Found, text: str, rule: Rule) -> list[tuple[str, str]]:
    return found({"Dockerfile": text}, rule)


# -- names of stages


def test_a_name_in_another_case_is_the_same_name(judge: Judge) -> None:
    text = "FROM a:1 AS Base\nFROM b:1 AS base\nFROM c:1 AS BASE\n"
    found = judge({"Dockerfile": text}, [duplicate_stage_name])
    assert [one.span.text for one in found] == ["base", "BASE"]
    for one in found:
        [first] = one.finding.because
        assert first.span.text == "Base"


@pytest.mark.parametrize("name", ["scratch", "CONTEXT"])
def test_a_reserved_name_is_told_in_any_case(found: Found, name: str) -> None:
    text = f"FROM a:1 AS {name}\n"
    assert places(found, text, reserved_stage_name) == [("warning", name)]


# -- stages that there are not


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
        "FROM scratch AS web\nFROM scratch\nCOPY --from=wob f /\n",
    ],
)
def test_what_buildkit_takes_or_may_be_an_image_is_left_alone(
    found: Found, text: str
) -> None:
    assert places(found, text, undefined_stage) == []


def test_a_name_that_is_a_slip_away_is_a_warning(found: Found) -> None:
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
        "compose.yaml": "services:\n  web:\n    build:\n      context: .\n"
        f"      target: {value}\n",
        "Dockerfile": "FROM nginx:1.29 AS Production\n",
    }
    return found(files, undefined_stage)


def test_a_target_is_a_name_and_no_number(found: Found) -> None:
    assert target(found, "production") == []
    assert target(found, "PRODUCTION") == []
    assert target(found, '"0"') == [("error", '"0"')]
    assert target(found, "prodution") == [("error", "prodution")]


# -- arguments


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("FROM $X\n", [("error", "$X")]),
        ("FROM scratch$X\n", [("warning", "$X")]),
        ("ARG b=scratch\nFROM $B\n", [("error", "$B")]),
        ("FROM a:1\nARG B=b:1\nFROM $B\n", [("error", "$B")]),
        ("FROM ${X:-scratch}\n", [("warning", "${X:-scratch}")]),
        ("ARG X=\nFROM $X AS a\n", [("error", "$X")]),
        ("ARG X=\nFROM a:$X\n", [("error", "a:$X")]),
        ("ARG X=Web\nFROM a/$X\n", [("error", "a/$X")]),
        ("ARG A=${B}\nFROM $A\n", [("error", "$A")]),
        ("FROM --platform=$X scratch\n", [("error", "$X")]),
        ("ARG P=\nFROM --platform=$P scratch\n", [("error", "$P")]),
        ("FROM a:${HTTP_PROXY}\n", [("error", "${HTTP_PROXY}")]),
        ("ARG X\nFROM a:$X\n", [("info", "$X")]),
        ("ARG X\nARG Y=1\nFROM a:$X$Y\n", []),
        ("ARG X\nFROM a:1$X\n", []),
        ("ARG X\nFROM ${X:-a:1}\n", []),
        ("FROM --platform=$BUILDPLATFORM a:$TARGETARCH\n", []),
        ("ARG X=base\nFROM a:1 AS base\nFROM $X\n", []),
    ],
)
def test_an_argument_of_from_is_one_from_above_the_first_from(
    found: Found, text: str, marks: list[tuple[str, str]]
) -> None:
    assert places(found, text, undefined_argument_in_from) == marks


def test_a_misspelt_argument_is_recognised(judge: Judge) -> None:
    text = "ARG VERSION=1\nFROM a:$VERSON\nFROM --platform=$BUILDPLATFROM b:1\n"
    found = judge({"Dockerfile": text}, [undefined_argument_in_from])
    assert [one.finding.message.split("did you mean ")[1] for one in found] == [
        "`VERSION`?",
        "`BUILDPLATFORM`?",
    ]


def test_an_argument_of_a_stage_above_is_pointed_at(judge: Judge) -> None:
    text = "FROM a:1\nARG B=b:1\nFROM $B\nARG C\nFROM $C\n"
    found = judge({"Dockerfile": text}, [undefined_argument_in_from])
    places = [one.finding.because[0].span for one in found]
    assert [(place.text, place.start) for place in places] == [
        ("B", text.index("B=")),
        ("C", text.index("C\n")),
    ]


def test_what_a_service_passes_counts(judge: Judge) -> None:
    def judged(value: str) -> list[str]:
        files = {
            "compose.yaml": "services:\n  web:\n    build:\n      context: .\n"
            f"      args: {{TAG: '{value}'}}\n",
            "Dockerfile": "ARG TAG\nFROM nginx:$TAG\n",
        }
        return [
            f"{one.severity.word} {one.finding.message}"
            for one in judge(files, [undefined_argument_in_from])
        ]

    assert judged("1.29") == []
    assert judged("${TAG}") == []
    [message] = judged("1 29")
    assert message.startswith("error Docker takes no image `nginx:1 29`")
    assert "`TAG` as the service passes it" in message


# -- cost


def test_many_stages_cost_no_more_than_their_number() -> None:
    from tightship.dockerfile.build import Build
    from tightship.syntax.dockerfile.read import read
    from tightship.text import Source

    lines = [
        f"FROM $UNKNOWN{n} AS stage{n}\nFROM stage{n}x\nCOPY --from=stagf{n} a b\n"
        f"COPY --from=9{n} a b"
        for n in range(4_000)
    ]
    build = Build(read(Source("Dockerfile", "\n".join(lines))))
    start = process_time()
    assert len(list(undefined_stage.check(build))) >= 4_000
    for stage in build.stages:
        assert len(list(undefined_argument_in_from.check(stage))) < 2
    assert process_time() - start < 5
