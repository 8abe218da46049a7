"""The rule `relative-copy-destination`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.correctness.relative_copy_destination import (
    relative_copy_destination,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("to", [".", "./", "app", "./app/", "../x"])
def test_a_relative_path_is_found(found: Found, to: str) -> None:
    assert found(image(f"COPY a {to}"), relative_copy_destination) == [("info", to)]


def test_a_default_counts_and_is_named(judge: Judge) -> None:
    [one] = judge(image("ARG TO=app\nCOPY a $TO"), [relative_copy_destination])
    assert one.span.text == "$TO"
    assert "relative to a folder that only the base image knows" in one.finding.message


@pytest.mark.parametrize(
    "steps",
    [
        "COPY a /app",
        "COPY a C:/app",
        "ARG TO\nCOPY a $TO",
        "ARG TO\nCOPY a $TO/app",
        "WORKDIR app\nCOPY a .",
        "WORKDIR /x\nONBUILD COPY a .",
        "ONBUILD WORKDIR /x\nONBUILD COPY b ./",
        "FROM scratch\nCOPY a .",
        "FROM debian:13 AS b\nONBUILD WORKDIR /x\nFROM b\nCOPY a .",
    ],
)
def test_a_known_working_directory_is_silent(found: Found, steps: str) -> None:
    assert found(image(steps), relative_copy_destination) == []


def test_a_trigger_sets_no_folder_here(found: Found) -> None:
    assert found(image("ONBUILD COPY a ."), relative_copy_destination) == [("info", ".")]
    steps = "ONBUILD WORKDIR /x\nCOPY a ."
    assert found(image(steps), relative_copy_destination) == [("info", ".")]


def test_a_copy_before_the_workdir_is_found(found: Found) -> None:
    steps = "COPY a .\nWORKDIR /x\nCOPY b ."
    assert found(image(steps), relative_copy_destination) == [("info", ".")]
