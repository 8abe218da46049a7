"""The rule `unlimited-resources`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge


pytestmark = pytest.mark.usefixtures("known_image")


def test_the_message_names_only_missing_limits(judge: Judge) -> None:
    bodies = {
        "init: true": "memory and processes",
        "mem_limit: 1g": "processes",
        "pids_limit: 9": "memory",
    }
    for body, names in bodies.items():
        [one] = judge(service(body), [unlimited_resources])
        assert one.finding.message == f"nothing limits the {names} of service `s`"
        assert one.finding.fix is not None
        title = f"Limit {names}".replace("memory", "memory to 512m")
        assert one.finding.fix.title == title.replace("processes", "processes to 2048")


def test_a_written_zero_among_absences_is_a_related_place(judge: Judge) -> None:
    [one] = judge(service("mem_limit: 0"), [unlimited_resources])
    assert one.is_absence
    assert [r.span.text for r in one.finding.because] == ["0"]


def test_written_zeros_alone_are_marked(judge: Judge) -> None:
    text = service("mem_limit: '${M:-0}', pids_limit: 0")
    [one] = judge(text, [unlimited_resources])
    assert one.span.text == "'${M:-0}'"
    assert one.finding.message.endswith("(default of `${M}`)")
    assert [r.span.text for r in one.finding.because] == ["0"]


def test_an_anchor_without_limits_is_one_finding_for_each_service(judge: Judge) -> None:
    text = """
x-app: &app {image: x, mem_limit: 1g}
services:
  a: {<<: *app}
  b: {<<: *app, pids_limit: 9}
  c: {<<: *app}
"""
    assert [j.span.text for j in judge(text, [unlimited_resources])] == ["a", "c"]


def test_a_zero_in_an_anchor_is_found_once_where_it_is(judge: Judge) -> None:
    text = """
x-app: &app {image: x, mem_limit: 1g, pids_limit: 0}
services:
  a: {<<: *app}
  b: {<<: *app}
"""
    [one] = judge(text, [unlimited_resources])
    assert one.span.text == "0"
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_an_override_completes_the_limits(judge: Judge) -> None:
    files = {
        "compose.yaml": service("mem_limit: 1g"),
        "compose.override.yaml": "services:\n  s: {pids_limit: 9}\n",
    }
    assert judge(files, [unlimited_resources]) == []


def test_an_override_that_removes_a_limit_is_marked(judge: Judge) -> None:
    files = {
        "compose.yaml": service("mem_limit: 1g, pids_limit: 9"),
        "compose.override.yaml": "services:\n  s: {pids_limit: -1}\n",
    }
    [one] = judge(files, [unlimited_resources])
    assert (one.span.source.name, one.span.text) == ("compose.override.yaml", "-1")
