"""Stages, compared with the images that a real engine built.

The records are made by `make lab`, and compared here on every machine. The model is then
broken on purpose, to show that the records would tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.built_images import ORACLE
from tests.lab.image_comparison import compare
from tests.lab.records import load

from tightship.frontends.dockerfile import stage, steps, variable
from tightship.frontends.dockerfile.script import Shell
from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Judge

    from tightship.frontends.dockerfile.variable import Variable

    Break = Callable[[pytest.MonkeyPatch], None]

HEADER, RECORDS = load(ORACLE)
REFUSED = [
    (record, target, seen)
    for record in RECORDS
    for target, seen in record["images"].items()
    if isinstance(seen, str)
]


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_a_stage_has_the_configuration_of_its_image(record: dict[str, Any]) -> None:
    assert compare([record]).disagreements == []


def test_the_records_are_many_and_know_where_they_come_from() -> None:
    made = compare(RECORDS)
    assert made.images > 250
    assert made.compared > 2_500
    assert {"engine", "kernel", "buildkit", "buildx"} <= HEADER.keys()


def test_few_decided_values_are_undecided() -> None:
    """An ARG without a default is what whoever builds passes."""
    made = compare(RECORDS)
    assert len(made.open) < made.compared / 500


def errors(judge: Judge, text: str) -> list[str]:
    rules = [rule for rule in every_rule() if rule.theme == "correctness"]
    return [
        judged.finding.message
        for judged in judge({"Dockerfile": text}, rules)
        if judged.severity.name == "ERROR"
    ]


def test_images_that_build_have_no_error(judge: Judge) -> None:
    refused = {record["name"] for record, _, _ in REFUSED}
    built = [one for one in RECORDS if one["name"] not in refused and "args" not in one]
    assert len(built) > 50
    found = {one["name"]: errors(judge, one["text"]) for one in built}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_texts_that_do_not_build_have_an_error(judge: Judge) -> None:
    named = [one for one, _, _ in REFUSED if one["name"].startswith("refused")]
    assert len(named) > 1
    assert all(errors(judge, one["text"]) for one in named)


def keep_the_command(self: stage.Stage, step: steps.Step) -> None:
    command = self._final.get(steps.Cmd)
    apply_step(self, step)
    if command is not None:
        self._final.setdefault(steps.Cmd, command)


def pass_nothing(*_: object) -> None:
    return None


def without_what_is_passed(self: stage.Stage, *given: Any) -> Any:
    passed, self.build.build_args = self.build.build_args, {}
    try:
        return argument(self, *given)
    finally:
        self.build.build_args = passed


def with_those_of_the_file(
    self: stage.Stage, name: str, before: int = variable.END
) -> Variable | None:
    return known(self, name, before) or self.build.arguments_by_name.get(name)


def only_its_own(self: variable.Scope) -> dict[str, Variable]:
    return dict(self._exported)


def own_steps(self: stage.Stage, kind: type[steps.Step]) -> list[steps.Step]:
    return [step for step in self.effective_steps if type(step) is kind]


apply_step = stage.Stage._apply
argument = stage.Stage._argument
known = stage.Stage.variable


def attribute(target: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(target, name, value)


BREAKS: dict[str, Break] = {
    "an entry point keeps the command below": attribute(stage.Stage, "_apply", keep_the_command),
    "triggers do nothing": attribute(stage.Stage, "_run_triggers", pass_nothing),
    "arguments of the file are seen at once": attribute(
        stage.Stage, "variable", with_those_of_the_file
    ),
    "what is passed does not count": attribute(stage.Stage, "_argument", without_what_is_passed),
    "the environment of the base is lost": attribute(variable.Scope, "environment", only_its_own),
    "ports and volumes of the base are lost": attribute(stage.Stage, "every", own_steps),
    "scratch has no path": attribute(variable, "_PATH", ""),
    "another shell by default": attribute(stage, "DEFAULT_SHELL", Shell(("/bin/bash", "-c"))),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_records_detect_a_broken_model(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[broken](monkeypatch)
    assert compare(RECORDS).disagreements
