"""The rules about namespaces, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.namespaces.foreign_namespace import foreign_namespace
from tightship.rules.compose.namespaces.host_network_namespace import (
    host_network_namespace,
)
from tightship.rules.compose.namespaces.host_pid_namespace import host_pid_namespace

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

RULES = rules_of("compose", "namespaces")


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


HOST = {
    "host-pid-namespace": ("pid", "warning"),
    "host-network-namespace": ("network_mode", "warning"),
    "host-ipc-namespace": ("ipc", "warning"),
    "host-cgroup-namespace": ("cgroup", "warning"),
    "host-uts-namespace": ("uts", "info"),
    "host-user-namespace": ("userns_mode", "info"),
}
every = pytest.mark.parametrize(
    ("name", "key", "grade"), [(n, *v) for n, v in HOST.items()]
)


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
    assert one.finding.message.endswith(", with the default of `${MODE}`")


@every
@pytest.mark.parametrize("value", ["${MODE}", "${MODE:-}", "${MODE:?set it}", "HOST"])
def test_other_values_are_not_the_hosts(
    judge: Judge, name: str, key: str, grade: str, value: str
) -> None:
    assert judge(service(f"{key}: '{value}'"), RULES) == []


@every
def test_the_key_is_removed(fixed: Fixed, name: str, key: str, grade: str) -> None:
    [rule] = [rule for rule in RULES if rule.name == name]
    assert fixed(service(f"{key}: host"), rule) == "services:\n  s: {image: x}\n"


def test_what_nobody_runs_is_not_reported(judge: Judge) -> None:
    text = """
x-debug: {pid: host}
services:
  s: {image: x}
  cloud: {provider: {type: x}, network_mode: host}
"""
    assert judge(text, RULES) == []


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


def test_a_chain_into_another_files_service_names_that_place(judge: Judge) -> None:
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


def test_an_override_gives_the_hosts_processes_away(judge: Judge) -> None:
    files = {
        "compose.yaml": service("read_only: true"),
        "compose.override.yaml": "services:\n  s:\n    pid: host\n",
    }
    [one] = judge(files, [host_pid_namespace])
    assert one.span.source.name == "compose.override.yaml"


def test_what_an_anchor_would_bring_back_is_emptied(fixed: Fixed) -> None:
    text = "x: &d {pid: host}\nservices:\n  s: {<<: *d, image: x, pid: host}\n"
    left = fixed(text, host_pid_namespace)
    assert left == text.replace("x, pid: host", 'x, pid: ""')


def test_an_external_network_named_host_is_not_in_use(judge: Judge) -> None:
    text = """
services:
  a: {image: x, networks: {inside: , outside: {aliases: [a]}}}
  b: {image: x, network_mode: "service:a"}
networks:
  inside:
  outside: {external: true, name: host}
"""
    assert judge(text, [host_network_namespace]) == []


@pytest.mark.parametrize("key", ["pid", "network_mode", "ipc"])
def test_a_container_of_somebody_else(found: Found, key: str) -> None:
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


def test_foreign_namespaces_are_for_the_strict() -> None:
    assert [rule.name for rule in RULES if rule.strict] == ["foreign-namespace"]
