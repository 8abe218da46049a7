"""The rule `healthcheck-disabled`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.resources.healthcheck_disabled import healthcheck_disabled

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "check",
    [
        "interval: 5s",  # the test is that of the image
        "test: [CMD, 'NONE']",
        "test: []",
        "test: ['${TEST}']",
        "disable: '${OFF}', test: [NONE]",
        "disable: false",
    ],
)
def test_checks_that_may_run_are_silent(found: Found, check: str) -> None:
    files = f"services:\n  s: {{image: x, healthcheck: {{{check}}}}}\n"
    assert found(files, healthcheck_disabled) == []


def test_a_text_is_a_program(judge: Judge) -> None:
    # Verified with Compose 2.26.1: the engine gets ["CMD-SHELL", "NONE"].
    files = "services:\n  s: {image: x, healthcheck: {test: NONE}}\n"
    [one] = judge(files, [healthcheck_disabled])
    assert one.finding.message == "service `s` runs a program named `NONE` as its health check"


@pytest.mark.parametrize(("check", "count"), [("", 1), ("healthcheck: {test: [CMD, a]}", 0)])
def test_the_dockerfile_may_switch_it_off(found: Found, check: str, count: int) -> None:
    files = {
        "compose.yaml": f"services:\n  s:\n    build: .\n    {check}\n",
        "Dockerfile": "FROM x AS base\nHEALTHCHECK NONE\nFROM base\nCMD a\n",
    }
    assert len(found(files, healthcheck_disabled)) == count


def test_a_check_of_a_later_stage_counts(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {build: .}\n",
        "Dockerfile": "FROM x AS base\nHEALTHCHECK NONE\nFROM base\nHEALTHCHECK CMD a\n",
    }
    assert found(files, healthcheck_disabled) == []
