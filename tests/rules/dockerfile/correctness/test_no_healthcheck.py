"""The rule `no-healthcheck`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.correctness.conftest import on_debian

from tightship.rules.dockerfile.correctness.no_healthcheck import no_healthcheck

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

TWO = """
services:
  shop: {build: ., healthcheck: {test: [CMD, /server, --check]}}
  job: {build: .%s}
"""


def test_the_services_without_a_check_are_shown(judge: Judge) -> None:
    files = {"compose.yaml": TWO % "", **on_debian("CMD /server")}
    [one] = judge(files, [no_healthcheck])
    assert [related.span.text for related in one.finding.because] == ["job"]


@pytest.mark.parametrize(
    "check", [", healthcheck: {disable: true}", ", healthcheck: {test: $TEST}"]
)
def test_a_service_with_its_own_health_check_is_silent(check: str, found: Found) -> None:
    files = {"compose.yaml": TWO % check, **on_debian("CMD /server")}
    assert found(files, no_healthcheck) == []


def test_a_health_check_in_onbuild_does_not_count(found: Found) -> None:
    files = on_debian("ONBUILD HEALTHCHECK CMD /check")
    assert found(files, no_healthcheck) == [("info", "debian:13")]


def test_only_the_stage_that_is_built_needs_a_check(found: Found) -> None:
    files = on_debian("CMD x", "FROM alpine AS last", "HEALTHCHECK CMD y")
    assert found(files, no_healthcheck) == []
