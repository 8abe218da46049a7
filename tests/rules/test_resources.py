"""The rules about resources, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.resources.foreign_cgroup_parent import (
    foreign_cgroup_parent,
)
from tightship.rules.compose.resources.logging_disabled import logging_disabled
from tightship.rules.compose.resources.oom_killer_disabled import oom_killer_disabled
from tightship.rules.compose.resources.oom_score_shielded import oom_score_shielded
from tightship.rules.compose.resources.unlimited_log import unlimited_log
from tightship.rules.compose.resources.unlimited_open_files import unlimited_open_files
from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

RULES = rules_of("compose", "resources")


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


HARDENED = """
services:
  s:
    image: x
    mem_limit: 64m
    cpus: 1
    pids_limit: 9
    ulimits: {nofile: 99}
    logging: {driver: local}
"""


def test_a_bounded_service_is_silent(judge: Judge) -> None:
    assert judge(HARDENED, RULES) == []


def test_the_message_names_just_what_is_missing(judge: Judge) -> None:
    bodies = {
        "init: true": "memory, CPU and processes",
        "cpus: 1": "memory and processes",
        "cpus: 1, mem_limit: 1g": "processes",
        "pids_limit: 9, mem_limit: 1g": "CPU",
    }
    for body, names in bodies.items():
        [one] = judge(service(body), [unlimited_resources])
        assert one.finding.message == f"nothing limits the {names} of service `s`"
        assert one.finding.fix is not None
        assert one.finding.fix.title == f"Limit the {names}"


def test_a_written_zero_among_absences_is_a_related_place(judge: Judge) -> None:
    [one] = judge(service("mem_limit: 0, pids_limit: -1"), [unlimited_resources])
    assert one.is_absence
    assert [r.span.text for r in one.finding.because] == ["0", "-1"]


def test_written_zeros_alone_are_pointed_at(judge: Judge) -> None:
    text = service("mem_limit: '${M:-0}', cpus: 0, pids_limit: 9")
    [one] = judge(text, [unlimited_resources])
    assert one.span.text == "'${M:-0}'"
    assert one.finding.message.endswith("with the default of `${M}`")
    assert [r.span.text for r in one.finding.because] == ["0"]


def test_an_anchor_without_limits_is_one_finding_for_each_service(
    judge: Judge,
) -> None:
    text = """
x-app: &app {image: x, cpus: 1, mem_limit: 1g}
services:
  a: {<<: *app}
  b: {<<: *app, pids_limit: 9}
  c: {<<: *app}
"""
    assert [j.span.text for j in judge(text, [unlimited_resources])] == ["a", "c"]


def test_a_zero_in_an_anchor_is_found_once_where_it_is(judge: Judge) -> None:
    text = """
x-app: &app {image: x, cpus: 1, mem_limit: 1g, pids_limit: 0}
services:
  a: {<<: *app}
  b: {<<: *app}
"""
    [one] = judge(text, [unlimited_resources])
    assert one.span.text == "0"
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_an_override_completes_the_limits(judge: Judge) -> None:
    files = {
        "compose.yaml": service("mem_limit: 1g, cpus: 1"),
        "compose.override.yaml": "services:\n  s: {pids_limit: 9}\n",
    }
    assert judge(files, [unlimited_resources]) == []


def test_an_override_that_takes_a_limit_back_is_pointed_at(judge: Judge) -> None:
    files = {
        "compose.yaml": service("mem_limit: 1g, cpus: 1, pids_limit: 9"),
        "compose.override.yaml": "services:\n  s: {pids_limit: -1}\n",
    }
    [one] = judge(files, [unlimited_resources])
    assert (one.span.source.name, one.span.text) == ("compose.override.yaml", "-1")


def test_a_provider_takes_nothing(judge: Judge) -> None:
    assert judge("services:\n  s: {provider: {type: x}}\n", RULES) == []


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("-1000", "warning"),
        ("-900", "warning"),
        ("-899", "info"),
        ("'-1'", "info"),
        ("'${O:--950}'", "warning"),
    ],
)
def test_a_shield_is_graded_by_its_strength(
    found: Found, value: str, grade: str
) -> None:
    text = service(f"oom_score_adj: {value}")
    assert found(text, oom_score_shielded) == [(grade, value)]


@pytest.mark.parametrize("value", ["0", "500", "'${O}'", "'none'"])
def test_what_is_no_shield_is_silent(judge: Judge, value: str) -> None:
    assert judge(service(f"oom_score_adj: {value}"), [oom_score_shielded]) == []


def test_a_shield_from_an_anchor_is_taken_back(fixed: Fixed) -> None:
    text = "x: &x {oom_score_adj: -5}\nservices:\n  s: {<<: *x, image: x}\n"
    wanted = text.replace("image: x}", "image: x, oom_score_adj: 0}")
    assert fixed(text, oom_score_shielded) == wanted


@pytest.mark.parametrize("value", ["true", "yes", "'true'", "'${KILL:-on}'"])
def test_every_spelling_of_true_disables_the_killer(judge: Judge, value: str) -> None:
    [one] = judge(service(f"oom_kill_disable: {value}"), [oom_killer_disabled])
    assert one.span.text == value


@pytest.mark.parametrize(
    "parent",
    [
        *("/", "-.slice", "init.scope", "/user.slice", "user-1000.slice"),
        *(
            "machine.slice",
            "machine-qemu.slice",
            "kubepods.slice",
            "/kubepods/burstable",
        ),
        *("system.slice/ssh.service", "system-getty.slice", "/user.slice/x"),
    ],
)
def test_what_belongs_to_others_is_foreign(found: Found, parent: str) -> None:
    text = service(f"cgroup_parent: '{parent}'")
    assert found(text, foreign_cgroup_parent) == [("warning", f"'{parent}'")]


@pytest.mark.parametrize(
    "parent",
    [
        *("batch.slice", "/batch", "docker.slice", "system.slice", "/docker", ""),
        *("users.slice", "machines", "/srv/user.slice", "${SLICE}"),
    ],
)
def test_a_parent_of_ones_own_is_not_foreign(judge: Judge, parent: str) -> None:
    text = service(f"cgroup_parent: '{parent}'")
    assert judge(text, [foreign_cgroup_parent]) == []


@pytest.mark.parametrize(
    "body",
    [
        "logging: {driver: local}",
        "logging: {driver: syslog}",
        "logging: {driver: none}",
        "logging: {options: {max-size: 1m}}",
        "logging: {driver: json-file, options: {max-size: '${SIZE}'}}",
        "logging: {driver: '${DRIVER}'}",
    ],
)
def test_a_log_that_ends_somewhere_is_silent(judge: Judge, body: str) -> None:
    assert judge(service(body), [unlimited_log]) == []


def test_options_without_a_size_are_completed(fixed: Fixed) -> None:
    text = service("logging: {options: {labels: a}}")
    wanted = text.replace("labels: a", 'labels: a, max-size: 10m, max-file: "3"')
    assert fixed(text, unlimited_log) == wanted


def test_a_log_of_an_anchor_is_not_edited(judge: Judge) -> None:
    text = "x: &l {driver: json-file}\nservices:\n  s: {image: x, logging: *l}\n"
    [one] = judge(text, [unlimited_log])
    assert one.finding.fix is None
    assert judge(text.replace("json-file", "none"), [logging_disabled]) != []


def test_a_soft_limit_alone_does_not_bind(found: Found) -> None:
    text = service("ulimits: {nofile: {soft: 99, hard: -1}}")
    assert found(text, unlimited_open_files) == [("info", "-1")]
    assert found(text.replace("-1", "999"), unlimited_open_files) == []
