"""The rule `undefined-reference`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.undefined_reference import undefined_reference

if TYPE_CHECKING:
    from tests.conftest import Judge

PROFILED = """
services:
  web: {{image: "x:1", depends_on: {depends}{more}}}
  debug: {{image: "y:1", profiles: {profiles}}}
"""


@pytest.mark.parametrize(
    ("depends", "more", "profiles", "is_found"),
    [
        ("[debug]", "", "[dev]", True),
        ("{debug: {condition: service_started}}", "", "[dev, test]", True),
        ("{debug: {condition: service_started, required: true}}", "", "[dev]", True),
        ("{debug: {condition: service_started, required: false}}", "", "[dev]", False),
        ("[debug]", ", profiles: [dev]", "[dev]", False),
        ("[debug]", ", profiles: [test]", "[dev]", False),
        ("[debug]", ", profiles: []", "[dev]", True),
        ("[debug]", "", "[]", False),
        ("[debug]", "", "['${P}']", False),
        ("['${D}']", "", "[dev]", False),
    ],
)
def test_services_of_a_profile_are_missing_without_it(
    depends: str, more: str, profiles: str, is_found: bool, judge: Judge
) -> None:
    text = PROFILED.format(depends=depends, more=more, profiles=profiles)
    found = judge(text, [undefined_reference])
    assert [one.severity.word for one in found] == ["warning"] * is_found
    if is_found:
        assert found[0].span.text == "debug"
        assert "only runs with the profile `dev`" in found[0].finding.message


@pytest.mark.parametrize(("listed", "count"), [("dev", 0), ("a, dev", 0), ("*", 0), ("a", 1)])
def test_profiles_of_env_are_active(listed: str, count: int, judge: Judge) -> None:
    files = {
        "compose.yaml": PROFILED.format(depends="[debug]", more="", profiles="[dev]"),
        ".env": f"COMPOSE_PROFILES={listed}\n",
    }
    assert len(judge(files, [undefined_reference])) == count
