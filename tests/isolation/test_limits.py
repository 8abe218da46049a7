"""Limits of memory, processors, processes and files: set, not set, or undecided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainerOf, ContainersOf

    from tightship.isolation.limits import Limits

DEPLOY = "deploy: {resources: {limits: {%s}}}"
ALL = {"memory": "512m", "CPU": "1", "processes": "200"}


def values(limits: Limits) -> list[float | None]:
    three = (limits.memory, limits.cpu, limits.processes)
    return [limit.setting.value for limit in three]


def absent(limits: Limits) -> list[str]:
    three = (limits.memory, limits.cpu, limits.processes)
    return [limit.name for limit in three if limit.setting.surely_absent]


def test_without_keys_there_is_no_limit(container_of: ContainerOf) -> None:
    assert absent(container_of("init: true").limits) == ["memory", "CPU", "processes"]


@pytest.mark.parametrize(
    "body",
    [
        "mem_limit: 512m, cpus: 0.5, pids_limit: 100",
        "mem_limit: '512M', cpus: '0.5', pids_limit: '100'",
        "mem_limit: 536870912, cpus: 0.50, pids_limit: 0x64",
        DEPLOY % "memory: 512M, cpus: '0.5', pids: 100",
        "mem_limit: '${M:-512m}', cpus: '${C:-.5}', pids_limit: '${P:-100}'",
        "mem_limit: 0, cpus: 0, " + DEPLOY % "memory: 512M, cpus: 0.5, pids: 100",
    ],
)
def test_either_place_sets_limits(container_of: ContainerOf, body: str) -> None:
    assert values(container_of(body).limits) == [536870912, 0.5, 100]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("mem_limit: 0, cpus: 0, pids_limit: -1", ["0", "0", "-1"]),
        ("mem_limit: '0b', cpus: '0.00', pids_limit: 0", ["'0b'", "'0.00'", "0"]),
        ("mem_limit: -1, cpu_quota: -1, pids_limit: '-1'", ["-1", "-1", "'-1'"]),
        (DEPLOY % "memory: '0', cpus: 0, pids: -1", ["'0'", "0", "-1"]),
    ],
)
def test_zero_is_no_limit_and_keeps_its_place(
    container_of: ContainerOf, body: str, texts: list[str]
) -> None:
    limits = container_of(body).limits
    three = (limits.memory, limits.cpu, limits.processes)
    assert all(limit.setting.surely_absent for limit in three)
    assert [limit.setting.span.text for limit in three] == texts


def test_a_variable_without_a_value_decides_nothing(container_of: ContainerOf) -> None:
    limits = container_of("mem_limit: '${M}', cpus: '${C}', pids_limit: '${P}'").limits
    assert absent(limits) == []
    assert values(limits) == [None, None, None]


@pytest.mark.parametrize("body", ["mem_limit: lots", "cpus: many", "pids_limit: few"])
def test_a_rejected_limit_is_no_absence(container_of: ContainerOf, body: str) -> None:
    assert len(absent(container_of(body).limits)) == 2


def test_limits_from_elsewhere_are_undecided(container_of: ContainerOf) -> None:
    limits = container_of("pids_limit: -1", complete=False).limits
    assert absent(limits) == ["processes"]
    assert container_of("init: true", complete=False).limits.open_files.could_be(9)


@pytest.mark.parametrize("body", ["cpu_quota: 50000", "cpuset: 0-3", "cpuset: '0'"])
def test_a_quota_and_a_set_of_processors_are_limits(container_of: ContainerOf, body: str) -> None:
    assert absent(container_of(body).limits) == ["memory", "processes"]


@pytest.mark.parametrize(
    "body",
    [
        "cpu_shares: 512, mem_reservation: 64m, ulimits: {nproc: 50}",
        "cpu_count: 2, cpu_percent: 50",
        "cpu_period: 100000",
        "cpuset: ''",
    ],
)
def test_shares_reservations_and_windows_settings_are_no_limits(
    container_of: ContainerOf, body: str
) -> None:
    assert absent(container_of(body).limits) == ["memory", "CPU", "processes"]


@pytest.mark.parametrize(
    ("ulimits", "wanted"),
    [
        ("nofile: 1024", 1024),
        ("nofile: {soft: 1024, hard: 4096}", 4096),
        ("nofile: '${N:-1024}'", 1024),
        ("nofile: -1", None),
        ("nofile: {soft: 1024, hard: -1}", None),
        ("nproc: 50", None),
    ],
)
def test_a_process_may_raise_its_soft_limit_to_the_hard_one(
    container_of: ContainerOf, ulimits: str, wanted: int | None
) -> None:
    found = container_of(f"ulimits: {{{ulimits}}}").limits.open_files
    assert (found.decided, found.value) == (True, wanted)


def after(containers_of: ContainersOf, text: str) -> str:
    limits = containers_of(text)["s"].limits
    edits = limits.put({name: ALL[name] for name in absent(limits)})
    return apply_edits(edits[0].span.source, edits) if edits else ""


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("cpus: 2}", "cpus: 2, mem_limit: 512m, pids_limit: 200}"),
        (DEPLOY % "memory: 1G" + "}", DEPLOY % 'memory: 1G, cpus: "1", pids: 200' + "}"),
        (DEPLOY % "" + "}", DEPLOY % 'memory: 512m, cpus: "1", pids: 200' + "}"),
        (
            "pids_limit: -1, " + DEPLOY % "memory: 1G, cpus: 1, pids: -1" + "}",
            "pids_limit: 200, " + DEPLOY % "memory: 1G, cpus: 1, pids: 200" + "}",
        ),
        (
            "mem_limit: 0, " + DEPLOY % "cpus: 1, pids: 9" + "}",
            "mem_limit: 512m, " + DEPLOY % "cpus: 1, pids: 9, memory: 512m" + "}",
        ),
        (
            "deploy: {replicas: 2}}",
            "deploy: {replicas: 2}, mem_limit: 512m, cpus: 1, pids_limit: 200}",
        ),
    ],
)
def test_limits_are_written_where_compose_accepts_them(
    containers_of: ContainersOf, before: str, wanted: str
) -> None:
    start = "services:\n  s: {image: x, "
    assert after(containers_of, start + before) == start + wanted


@pytest.mark.parametrize(
    "text",
    [
        "x: &l {memory: 1G}\nservices:\n  s: {image: x, deploy: {resources: {limits: *l}}}",
        "services:\n  s: {image: x, mem_limit: 1g, pids_limit: 9, cpu_quota: -1}",
        "x: &s {image: x}\nservices:\n  s: *s",
    ],
)
def test_ambiguous_and_void_edits_are_not_made(containers_of: ContainersOf, text: str) -> None:
    assert absent(containers_of(text)["s"].limits)
    assert after(containers_of, text) == ""


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ("image: x", "256m"),
        ("mem_reservation: 128m", "256m"),
        ("mem_reservation: 512m", "512m"),
        ("memswap_limit: 512m", "256m"),
        ("memswap_limit: 128m", "128m"),
        ("memswap_limit: -1", "256m"),
        ("memswap_limit: 0", "256m"),
        ("mem_reservation: '${X}'", None),
        ("deploy: {resources: {reservations: {memory: 1g}}}", "1g"),
    ],
)
def test_a_limit_is_between_reservation_and_swap(
    container_of: ContainerOf, body: str, limit: str | None
) -> None:
    assert container_of(body).limits.at_least("memory", "256m") == limit
