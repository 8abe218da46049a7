"""Limits that the engine rejects, alone or beside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_limit import invalid_limit

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, keys: str) -> list[str]:
    text = f"services:\n  s: {{image: x, {keys}}}\n"
    return [one.span.text for one in judge(text, (invalid_limit,))]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ("mem_limit: -1", "-1"),
        ("mem_limit: 4m", "4m"),
        ("mem_limit: '${MEMORY:-4m}'", "'${MEMORY:-4m}'"),
        ("deploy: {resources: {limits: {memory: 5M}}}", "5M"),
        ("mem_limit: 32m, mem_reservation: 64m", "32m"),
        ("deploy: {resources: {limits: {memory: 32M}, reservations: {memory: 64M}}}", "32M"),
        ("memswap_limit: 64m", "64m"),
        ("cpus: 0.5, cpu_quota: 50000", "0.5"),
        ("cpus: 0.5, cpu_period: 100000", "0.5"),
        ("deploy: {resources: {limits: {cpus: '1'}}}, cpu_quota: 50000", "'1'"),
        ("cpus: -1", "-1"),
        ("ulimits: {nofile: {soft: 300, hard: 200}}", "300"),
        ("ulimits: {foo: 1}", "foo"),
        ("pids_limit: 4194305", "4194305"),
        ("deploy: {resources: {limits: {pids: 10000000}}}", "10000000"),
    ],
)
def test_rejected_values(judge: Judge, keys: str, place: str) -> None:
    assert found(judge, keys) == [place]


@pytest.mark.parametrize(
    "keys",
    [
        "mem_limit: 6m",
        "pids_limit: 4194304",
        "mem_limit: 0",
        "mem_limit: '${MEMORY}'",
        "mem_limit: 64m, mem_reservation: 64m",
        "mem_limit: 64m, mem_reservation: '${MEMORY}'",
        "mem_reservation: 64m",
        "mem_limit: 64m, memswap_limit: 64m",
        "memswap_limit: -1",
        "memswap_limit: 0",
        "cpus: 0, cpu_quota: 50000",
        "cpus: 0.5, cpu_quota: -1",
        "cpu_quota: 50000, cpu_period: 100000",
        "ulimits: {nofile: {soft: 300, hard: -1}}",
        "ulimits: {nproc: 20, core: 0}",
    ],
)
def test_accepted_values(judge: Judge, keys: str) -> None:
    assert found(judge, keys) == []


def test_a_base_elsewhere_may_set_the_memory_limit(judge: Judge) -> None:
    base = "extends: {file: other.yaml, service: s}"
    assert found(judge, f"memswap_limit: 64m, {base}") == []
