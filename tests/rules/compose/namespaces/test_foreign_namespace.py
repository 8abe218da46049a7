"""The rule `foreign-namespace`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.conftest import rules_of

from tightship.rules.compose.namespaces.foreign_namespace import foreign_namespace

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = rules_of("compose", "namespaces")


@pytest.mark.parametrize("key", ["pid", "network_mode", "ipc"])
def test_a_container_outside_the_project(found: Found, key: str) -> None:
    text = service(f"{key}: 'container:${{NAME}}'")
    assert found(text, foreign_namespace) == [("info", "'container:${NAME}'")]


def test_a_foreign_network_through_a_service(judge: Judge) -> None:
    text = """
services:
  a: {image: x, network_mode: "service:b"}
  b: {image: x, network_mode: "container:vpn"}
"""
    first, second = judge(text, [foreign_namespace])
    assert "container `vpn`" in first.finding.message
    assert [r.span.text for r in first.finding.because] == ['"container:vpn"']
    assert second.finding.because == ()


def test_foreign_namespaces_are_in_the_strict_set() -> None:
    assert [rule.name for rule in RULES if rule.strict] == ["foreign-namespace"]
