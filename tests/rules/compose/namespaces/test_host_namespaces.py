"""The rules about the namespaces of the host hold the same for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed

RULES = rules_of("compose", "namespaces")

HOST = {
    "host-pid-namespace": ("pid", "warning"),
    "host-network-namespace": ("network_mode", "warning"),
    "host-ipc-namespace": ("ipc", "warning"),
    "host-cgroup-namespace": ("cgroup", "warning"),
    "host-uts-namespace": ("uts", "info"),
    "host-user-namespace": ("userns_mode", "info"),
}


every = pytest.mark.parametrize(("name", "key", "grade"), [(n, *v) for n, v in HOST.items()])


@every
def test_each_key_has_its_rule(judge: Judge, name: str, key: str, grade: str) -> None:
    [one] = judge(service(f"{key}: 'host'"), RULES)
    assert (one.rule.name, one.severity.word) == (name, grade)
    assert one.span.text == "'host'"


@every
def test_a_default_of_host_is_found_and_named(
    judge: Judge, name: str, key: str, grade: str
) -> None:
    [one] = judge(service(f"{key}: '${{MODE:-host}}'"), RULES)
    assert (one.rule.name, one.severity.word) == (name, grade)
    assert one.finding.message.endswith(" (default of `${MODE}`)")


@every
@pytest.mark.parametrize("value", ["${MODE}", "${MODE:-}", "${MODE:?set it}", "HOST"])
def test_other_values_are_not_the_hosts(
    judge: Judge, name: str, key: str, grade: str, value: str
) -> None:
    assert judge(service(f"{key}: '{value}'"), RULES) == []


@every
def test_the_key_is_removed(fixed: Fixed, name: str, key: str, grade: str) -> None:
    if key == "cgroup":
        pytest.skip("without the key, the host decides")
    [rule] = [rule for rule in RULES if rule.name == name]
    assert fixed(service(f"{key}: host"), rule) == "services:\n  s: {image: x}\n"


def test_unused_services_are_not_reported(judge: Judge) -> None:
    text = """
x-debug: {pid: host}
services:
  s: {image: x}
  cloud: {provider: {type: x}, network_mode: host}
"""
    assert judge(text, RULES) == []


def test_a_chain_into_another_file_names_its_place(judge: Judge) -> None:
    files = {
        "compose.yaml": """
services:
  a: {image: x, ipc: "service:b"}
  b: {extends: {file: base.yaml, service: b}}
""",
        "base.yaml": "services:\n  b: {image: x, ipc: host}\n",
    }
    places = {
        one.span.text: [r.span.source.name for r in one.finding.because]
        for one in judge(files, RULES)
    }
    assert places == {'"service:b"': ["base.yaml"], "host": ["compose.yaml"]}
