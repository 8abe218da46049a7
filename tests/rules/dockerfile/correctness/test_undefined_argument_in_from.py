"""The rule `undefined-argument-in-from`, beyond its examples, as seen with BuildKit 0.13.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


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


def test_a_misspelt_argument_has_a_suggestion(judge: Judge) -> None:
    text = "ARG VERSION=1\nFROM a:$VERSON\nFROM --platform=$BUILDPLATFROM b:1\n"
    found = judge({"Dockerfile": text}, [undefined_argument_in_from])
    assert [one.finding.message.split("did you mean ")[1] for one in found] == [
        "`VERSION`?",
        "`BUILDPLATFORM`?",
    ]


def test_an_argument_of_an_earlier_stage_is_marked(judge: Judge) -> None:
    text = "FROM a:1\nARG B=b:1\nFROM $B\nARG C\nFROM $C\n"
    found = judge({"Dockerfile": text}, [undefined_argument_in_from])
    places = [one.finding.because[0].span for one in found]
    assert [(place.text, place.start) for place in places] == [
        ("B", text.index("B=")),
        ("C", text.index("C\n")),
    ]


def test_build_arguments_of_the_service_count(judge: Judge) -> None:
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
    assert message.startswith("error Docker rejects the image `nginx:1 29`")
    assert "(`TAG` from a build argument)" in message
