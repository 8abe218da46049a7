"""The rule `undeclared-build-argument`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.undeclared_build_argument import (
    undeclared_build_argument as rule,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.engine.verdict import JudgedFinding


def built(args: str, dockerfile: str) -> dict[str, str]:
    """Return a project whose service passes arguments to a Dockerfile."""
    text = f"services: {{s: {{build: {{context: ., args: {args}}}}}}}\n"
    return {"compose.yaml": text, "Dockerfile": dockerfile}


@pytest.mark.parametrize(
    ("args", "place"),
    [
        ("{VERSION: 1}", "VERSION"),
        ("[VERSION=1]", "VERSION=1"),
        ("{version: 1, Uid: 2}", "Uid"),
        ("[VERSION]", "VERSION"),
    ],
)
def test_undeclared_arguments(found: Found, args: str, place: str) -> None:
    files = built(args, "FROM debian:13\nARG version UID\n")
    assert found(files, rule) == [("info", place)]


@pytest.mark.parametrize(
    "args",
    [
        *("{A: 1}", "{B: 1}", "{C: 1}", "{D: 1}", "{https_proxy: x, NO_PROXY: x}"),
        *("{BUILDKIT_SYNTAX: x}", "{SOURCE_DATE_EPOCH: 0}", "{TARGETARCH: arm64}"),
        *("{}", "['$X']"),
    ],
)
def test_declared_and_predefined_arguments(found: Found, args: str) -> None:
    text = "ARG A\nFROM debian:13 AS x\nARG B\nFROM debian:13\nARG C=1\nONBUILD ARG D\n"
    assert found(built(args, text), rule) == []


def test_an_unknown_dockerfile_is_silent(found: Found) -> None:
    files = built("{A: 1}", "")
    del files["Dockerfile"]
    assert found(files, rule) == []


def test_the_message_names_the_file(judge: Judge) -> None:
    one: JudgedFinding
    [one] = judge(built("{A: 1}", "FROM debian:13\n"), [rule])
    assert one.finding.message == ("`A` has no effect: `Dockerfile` declares no `ARG` of this name")
