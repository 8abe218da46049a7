"""The rule `sensitive-port-published`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import service

from tightship.rules.compose.network.sensitive_port_published import (
    sensitive_port_published,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_ports_of_an_anchor_are_one_finding(judge: Judge) -> None:
    text = """
x-ports: &ports ["5432:5432"]
services:
  a: {image: x, ports: *ports}
  b: {image: x, ports: *ports}
"""
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.fix is None
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_an_override_adds_to_the_ports(found: Found) -> None:
    files = {
        "compose.yaml": service("ports: ['5432:5432']"),
        "compose.override.yaml": "services:\n  s: {ports: ['127.0.0.1:5432:5432']}\n",
    }
    assert found(files, sensitive_port_published) == [("warning", "'5432:5432'")]
    over = "services:\n  s: {ports: !override ['127.0.0.1:5432:5432']}\n"
    files["compose.override.yaml"] = over
    assert found(files, sensitive_port_published) == []
