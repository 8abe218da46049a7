"""A rule with keys finds nothing about services, or projects, that have none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.test_examples import plain

from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.service import Service
from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.isolation.container import Container
from tightship.isolation.loaded_project import LoadedProject
from tightship.model.container_settings import ContainerSettings
from tightship.model.project import Project
from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

    from tightship.rules.definition import Rule
    from tightship.text import Source

KEYED = [rule for rule in every_rule() if rule.keys]
EXAMPLES = [
    pytest.param(plain(rule, example.files), id=f"{rule.name}-{number}")
    for rule in every_rule()
    for number, example in enumerate(rule.examples)
]


def found_without(files: dict[str, str], verdict_on: VerdictOn) -> list[str]:
    """Return the rules that find something about subjects without their keys."""
    project = verdict_on(files, []).project
    if project is None or project.compose is None:
        return []
    subjects: tuple[ContainerSettings | Container | Project | LoadedProject, ...] = (
        *project.compose.services.values(),
        *project.containers,
        project.compose,
        project,
    )
    return [
        rule.name
        for subject in subjects
        for rule in KEYED
        if isinstance(subject, rule.on) and not set(rule.keys) & subject.service_keys
        for _ in rule.check(subject)
    ]


@pytest.mark.parametrize("rule", KEYED, ids=lambda rule: rule.name)
def test_each_key_is_one_of_services(rule: Rule) -> None:
    assert {*rule.on} <= {
        Container,
        ContainerSettings,
        Service,
        Project,
        ComposeProject,
        LoadedProject,
    }
    assert SERVICE.keys is not None
    assert set(rule.keys) <= SERVICE.keys.keys()


@pytest.mark.parametrize("files", EXAMPLES)
def test_examples(files: dict[str, str], verdict_on: VerdictOn) -> None:
    assert found_without(files, verdict_on) == []


def test_real_files(corpus: list[Source], verdict_on: VerdictOn) -> None:
    for source in corpus:
        files = {"compose.yaml": source.text}
        assert found_without(files, verdict_on) == [], source.name


def test_a_rule_is_called_where_a_service_has_a_key(verdict_on: VerdictOn) -> None:
    text = "services: {a: {image: x}, b: {image: x, pid: host}, c: {image: x, pid: }}"
    project = verdict_on({"compose.yaml": text}, []).project
    assert project is not None
    runner = RuleRunner(Selection(["host-pid-namespace"]))
    groups = runner.run(project.containers).groups
    assert [[one.rule.name for one in group] for group in groups] == [
        [],
        ["host-pid-namespace"],
        [],
    ]
