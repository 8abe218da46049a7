"""Each kind of fault in a project has one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import say
from tests.rules.conftest import rules_of

from tightship.frontends.compose.loading.fault import Fault
from tightship.rules.compose.correctness.contradicting_settings import contradicting_settings
from tightship.rules.compose.correctness.dependency_cycle import dependency_cycle
from tightship.rules.compose.correctness.incomplete_definition import incomplete_definition
from tightship.rules.compose.correctness.invalid_variable import invalid_variable
from tightship.rules.compose.correctness.undefined_reference import undefined_reference
from tightship.text import Source, Span

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.frontends.compose.loading.fault import Kind
    from tightship.rules.definition import Rule

RULES = rules_of("compose", "correctness")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("undefined", undefined_reference),
        ("disabled", undefined_reference),
        ("exclusive", contradicting_settings),
        ("cycle", dependency_cycle),
        ("template", invalid_variable),
        ("incomplete", incomplete_definition),
    ],
)
def test_each_kind_of_fault_has_its_rule(kind: Kind, rule: Rule) -> None:
    place = Span(Source("compose.yaml", "a"), 0, 1)
    fault = Fault(kind, place, "so it is")
    about_faults = [one for one in RULES if Fault in one.on]
    found = [one.name for one in about_faults if list(one.check(fault))]
    assert found == [rule.name]


@pytest.mark.parametrize(
    "web",
    [
        "{image: '${IMAGE}'}",
        "{image: nginx, networks: ['${NETWORK}']}",
        "{image: nginx, volumes: ['${VOLUME}data:/a']}",
        "{image: nginx, volumes: ['${VOLUME}:/a']}",
        "{image: nginx, depends_on: ['${OTHER}']}",
        "{image: nginx, secrets: ['${SECRET}']}",
        "{image: nginx, mem_limit: '${M}', deploy: {resources: {limits: {cpus: '1'}}}}",
        "{image: nginx, cpus: 2, deploy: {resources: {limits: {cpus: '${CPUS}'}}}}",
        "{image: nginx, container_name: web, scale: '${SCALE}'}",
        "{image: nginx, env_file: [missing.env]}",
    ],
)
def test_undecided_values_are_not_rejected(judge: Judge, web: str) -> None:
    about_faults = [one for one in RULES if Fault in one.on]
    assert say(judge, f"services: {{web: {web}}}\n", *about_faults) == []


@pytest.mark.parametrize("services", ["", "services: {}\n"])
def test_a_file_without_services_is_rejected_as_well(judge: Judge, services: str) -> None:
    text = f"{services}volumes: {{v: {{external: true, driver: x}}}}\n"
    assert [one.rule.name for one in judge({"compose.yaml": text})] == ["contradicting-settings"]
