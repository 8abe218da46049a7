"""The rule `several-sources-without-folder`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image, places

from tightship.rules.dockerfile.correctness.several_sources_without_folder import (
    several_sources_without_folder,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "step",
    [
        "COPY a b «/app»",
        "ADD a b c «/app»",
        "COPY a b «app»",
        "COPY --chown=1:1 a b «/srv/x»",
        "COPY <<A <<B «/app»\nA\nB",
        "WORKDIR /srv\nCOPY a b «app»",
        "ARG TO=/app\nCOPY a b «$TO»",
        "COPY x /app2/\nCOPY a b «/app»",
    ],
)
def test_a_destination_that_is_no_folder_is_found(found: Found, step: str) -> None:
    plain = step.replace("«", "").replace("»", "")
    marked = step[step.index("«") + 1 : step.index("»")]
    found_here = found(image(plain), several_sources_without_folder)
    assert found_here == [("warning", marked)]


@pytest.mark.parametrize(
    "step",
    [
        "COPY a /app",
        "COPY a b /app/",
        "COPY a b .",
        "COPY a b ./",
        "COPY a b ..",
        "COPY a b x/.",
        "COPY a* /app",
        "ARG TO\nCOPY a b $TO",
        "WORKDIR /app\nCOPY a b /app",
        "WORKDIR /app/src\nCOPY a b /app",
        "WORKDIR /app\nCOPY a b ../app",
        "RUN mkdir -p /app\nCOPY a b /app",
        "COPY x /app/\nCOPY a b /app",
        "COPY x /app\nCOPY a b /app",
        "COPY x /app/y\nCOPY a b /app",
        "VOLUME /app\nCOPY a b /app",
        "COPY a b /etc",
        "COPY --parents a b /app",
        "WORKDIR /app\nONBUILD COPY a b /app",
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY a b C:/app",
    ],
)
def test_folders_and_undecided_destinations_are_silent(found: Found, step: str) -> None:
    assert found(image(step), several_sources_without_folder) == []


def test_folders_of_a_stage_below_count(found: Found) -> None:
    text = "FROM debian:13 AS a\nWORKDIR /app\nFROM a\nCOPY x y /app\n"
    assert places(found, text, several_sources_without_folder) == []


def test_an_empty_image_has_no_folders(found: Found) -> None:
    text = "FROM scratch\nCOPY x y /etc\n"
    assert places(found, text, several_sources_without_folder) == [("warning", "/etc")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("COPY a b /app", "COPY a b /app/"),
        ("COPY a b '/app'", "COPY a b '/app/'"),
        ('COPY ["a", "b", "/app"]', 'COPY ["a", "b", "/app/"]'),
        ("ARG X=/app\nCOPY a b $X", "ARG X=/app\nCOPY a b $X"),
    ],
)
def test_the_fix_ends_the_path_with_a_slash(judge: Judge, before: str, after: str) -> None:
    text = after_fixes(judge, image(before), several_sources_without_folder)
    assert text == image(after)["Dockerfile"]
