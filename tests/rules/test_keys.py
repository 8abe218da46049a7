"""A rule is left out only where it would find nothing: by its keys, or its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.test_examples import plain

from tightship.engine.judge.subjects import subjects
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import Selection
from tightship.frontends.compose.project import ComposeProject
from tightship.frontends.compose.service import Service
from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.isolation.buildable import Buildable
from tightship.isolation.container import Container
from tightship.isolation.loaded_project import LoadedProject
from tightship.model.container_settings import ContainerSettings
from tightship.model.project import Project
from tightship.rules import every_rule
from tightship.rules.definition import by_attribute, signs_of
from tightship.rules.example import Bad

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tests.conftest import VerdictOn

    from tightship.rules.definition import Rule
    from tightship.text import Source

KEYED = [rule for rule in every_rule() if rule.keys]
SIGNED = [rule for rule in every_rule() if rule.keys or rule.when]
EXAMPLES = [
    pytest.param(plain(rule, example.files), id=f"{rule.name}-{number}")
    for rule in every_rule()
    for number, example in enumerate(rule.examples)
]


def found_without(files: dict[str, str], verdict_on: VerdictOn) -> list[str]:
    """Return the rules that find something about subjects for which a run leaves them out."""
    project = verdict_on(files, []).project
    if project is None:
        return []
    return [
        rule.name
        for subject in (*subjects(project), project.compose)
        for rule in SIGNED
        if isinstance(subject, rule.on) and _is_left_out(rule, subject)
        for _ in rule.check(subject)
    ]


def _is_left_out(rule: Rule, subject: object) -> bool:
    there: Collection[str] = getattr(subject, "service_keys", ())
    lacks_keys = bool(rule.keys) and set(rule.keys).isdisjoint(there)
    return lacks_keys or (bool(rule.when) and not any(signs_of(subject, by_attribute(rule.when))))


@pytest.mark.parametrize("rule", KEYED, ids=lambda rule: rule.name)
def test_each_key_is_one_of_services(rule: Rule) -> None:
    assert {*rule.on} <= {
        Buildable,
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


def test_real_dockerfiles(dockerfiles: list[Source], verdict_on: VerdictOn) -> None:
    for source in dockerfiles:
        assert found_without({"Dockerfile": source.text}, verdict_on) == [], source.name


DOCKERFILES = [
    pytest.param(text, id=f"{rule.name}-{number}")
    for rule in SIGNED
    for number, example in enumerate(rule.examples)
    for path, text in plain(rule, example.files).items()
    if path == "Dockerfile" and isinstance(example, Bad)
]


def hidden_words(text: str) -> Iterator[str]:
    """Yield a Dockerfile with each of its words in other spellings."""
    for word in sorted({word for word in text.split() if word.isalnum()}):
        start, end = word[: len(word) // 2], word[len(word) // 2 :]
        given = f"ARG HIDDEN={word}\nENV HIDDEN=$HIDDEN\n"
        for spelling in (f'{start}""{end}', f"\\{word}", f"{start}\\\n{end}", "${HIDDEN}"):
            changed = text.replace(word, spelling)
            yield given + changed.replace("\n", f"\n{given}", 1)


@pytest.mark.parametrize("text", DOCKERFILES)
def test_no_spelling_of_a_word_hides_it_from_a_sign(text: str, verdict_on: VerdictOn) -> None:
    for changed in hidden_words(text):
        assert found_without({"Dockerfile": changed}, verdict_on) == [], changed


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
