"""The rule `unlimited-cpu`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.unlimited_cpu import unlimited_cpu

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "body",
    [
        "cpus: 0.5",
        "cpus: '2'",
        "cpu_quota: 50000",
        "cpus: 0, cpu_quota: 50000",
        "cpuset: 0-3",
        "cpus: 0, cpuset: '1'",
        "cpus: '${CPUS}'",
        "cpuset: '${SET}'",
        "extends: base",
        "deploy: {resources: {limits: {cpus: '0.5'}}}",
        "cpus: 0, deploy: {resources: {limits: {cpus: '0.5'}}}",
    ],
)
def test_a_limit_in_any_place_is_enough(found: Found, body: str) -> None:
    assert found(service(body), unlimited_cpu) == []


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("init: true", "s"),
        # A weight matters only among containers that compete.
        ("cpu_shares: 512", "s"),
        # The period does nothing without a quota.
        ("cpu_period: 100000", "s"),
        ("deploy: {resources: {reservations: {cpus: '0.5'}}}", "s"),
        ("mem_limit: 1g, pids_limit: 9", "s"),
        ("cpuset: ''", "s"),
        ("cpus: 0.0", "0.0"),
        ("cpu_quota: -1", "-1"),
        ("deploy: {resources: {limits: {cpus: '0'}}}", "'0'"),
        ("cpus: '${CPUS:-0}'", "'${CPUS:-0}'"),
    ],
)
def test_a_zero_limit_is_marked(found: Found, body: str, marked: str) -> None:
    assert found(service(body), unlimited_cpu) == [("info", marked)]


def test_the_default_of_a_variable_is_named(judge: Judge) -> None:
    [one] = judge(service("cpus: '${CPUS:-0}'"), [unlimited_cpu])
    assert one.finding.message == (
        "nothing limits the processor time of service `s` (default of `${CPUS}`)"
    )


def test_no_number_is_suggested(judge: Judge) -> None:
    for body in ("init: true", "cpus: 0"):
        [one] = judge(service(body), [unlimited_cpu])
        assert one.finding.fix is None


def test_an_override_decides(judge: Judge) -> None:
    files = {
        "compose.yaml": service("cpus: 2"),
        "compose.override.yaml": "services:\n  s: {cpus: 0}\n",
    }
    [one] = judge(files, [unlimited_cpu])
    assert (one.span.source.name, one.span.text) == ("compose.override.yaml", "0")
    files["compose.override.yaml"] = "services:\n  s: {cpus: 1}\n"
    assert judge(files, [unlimited_cpu]) == []
