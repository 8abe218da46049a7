"""The rule `host-pid-namespace`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import service

from tightship.rules.compose.namespaces.host_pid_namespace import host_pid_namespace

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def test_a_service_behind_a_profile_is_reported(found: Found) -> None:
    text = service("profiles: [debug], pid: host")
    assert found(text, host_pid_namespace) == [("warning", "host")]


def test_each_service_of_a_chain_is_reported_at_its_own_setting(judge: Judge) -> None:
    text = """
services:
  a: {image: x, pid: "service:b"}
  b: {image: x, pid: "service:c"}
  c: {image: x, pid: host}
"""
    first, second, third = judge(text, [host_pid_namespace])
    assert [r.span.text for r in first.finding.because] == ['"service:c"', "host"]
    assert [r.span.text for r in second.finding.because] == ["host"]
    assert third.finding.because == ()


def test_an_override_can_share_the_host_processes(judge: Judge) -> None:
    files = {
        "compose.yaml": service("read_only: true"),
        "compose.override.yaml": "services:\n  s:\n    pid: host\n",
    }
    [one] = judge(files, [host_pid_namespace])
    assert one.span.source.name == "compose.override.yaml"


def test_a_value_from_an_anchor_is_reset(fixed: Fixed) -> None:
    text = "x: &d {pid: host}\nservices:\n  s: {<<: *d, image: x, pid: host}\n"
    left = fixed(text, host_pid_namespace)
    assert left == text.replace("x, pid: host", 'x, pid: ""')
