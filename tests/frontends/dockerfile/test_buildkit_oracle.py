"""Words and stages, compared with what BuildKit itself made of them.

The oracle holds texts written or generated for it, with the answers of BuildKit 0.25.2:
its lexer's (frontend/dockerfile/shell) and its converter's (dockerfile2llb), which was
told that every image sets ``PATH`` alone, and to build for linux/amd64.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.image_comparison import SETTINGS, UNDECIDED, health_check, plain

from tightship.frontends.dockerfile.argument import expand, expand_words
from tightship.frontends.dockerfile.build import Build
from tightship.frontends.dockerfile.variable import Variable
from tightship.rules import every_rule
from tightship.syntax.dockerfile.read import read
from tightship.text import Source

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.frontends.dockerfile.stage import Stage

ORACLE = json.loads(
    (Path(__file__).parents[2] / "oracles" / "buildkit.json").read_text(encoding="utf-8")
)
KNOWN = {name: Variable(name, text, "given") for name, text in ORACLE["environment"].items()}
FILES: list[dict[str, Any]] = ORACLE["files"]
BUILT = [case for case in FILES if "config" in case]


def build(case: dict[str, Any]) -> Build:
    given = {name: Variable(name, text, "given") for name, text in case.get("args", {}).items()}
    return Build(read(Source("Dockerfile", case["text"])), given)


# -- words


@pytest.mark.parametrize("case", ORACLE["words"], ids=lambda case: f"{case[1]} {case[0]}")
def test_words_expand_as_in_buildkit(case: list[Any]) -> None:
    raw, escape, *answer = case
    found = expand(raw, escape, KNOWN.get)
    parted = expand_words(raw, escape, KNOWN.get)
    if answer == [None]:
        assert found.problem or not found.decided
        assert parted.problem or not parted.decided
        return
    text, words = answer
    assert found.problem is parted.problem is None
    if found.decided:
        assert found.text == text
    if parted.decided and "<<" not in raw:
        assert [word.text for word in parted.words] == words


def test_few_words_are_undecided() -> None:
    words = [expand(raw, escape, KNOWN.get) for raw, escape, *_ in ORACLE["words"]]
    open_ones = [word for word in words if not word.decided and not word.problem]
    assert len(open_ones) < len(words) / 20


# -- stages


def health(stage: Stage) -> Any:
    found: Any = health_check(stage)
    return found if found in (None, UNDECIDED) else found["Test"][0]


COMPARED = ("User", "WorkingDir", "Volumes", "ExposedPorts", "Entrypoint", "Cmd", "Shell")
SIDES = {**{key: SETTINGS[key] for key in COMPARED}, "Healthcheck": (health, None)}


@pytest.mark.parametrize("side", SIDES)
def test_an_image_has_the_configuration_of_buildkit(side: str) -> None:
    decided, default = SIDES[side]
    told = 0
    for case in BUILT:
        stage = build(case).target(case.get("target"))
        assert stage is not None, case["text"]
        found = decided(stage)
        if found is not UNDECIDED:
            told += 1
            theirs = case["config"].get(side) or default
            if side == "Healthcheck" and theirs:
                theirs = theirs[0]  # its options are not in the records
            assert found == plain(side, theirs), case["text"]
    assert told > len(BUILT) / 2


def test_an_image_has_the_environment_that_buildkit_gives_it() -> None:
    told = 0
    for case in BUILT:
        stage = build(case).target(case.get("target"))
        assert stage is not None
        theirs = case["config"]["Env"]
        for name, variable in stage.environment.items():
            told += variable.decided
            if variable.decided:
                assert variable.text == theirs[name], case["text"]
        assert set(theirs) <= {"PATH", *stage.environment}, case["text"]
    assert told > 50


def test_a_target_that_buildkit_does_not_find_is_missing() -> None:
    found = {
        case["target"]: build(case).target(case["target"])
        for case in FILES
        if "could not be found" in case.get("refused", "")
    }
    assert found == {"0": None, "other": None}


# -- acceptance

# Why a case that BuildKit refuses is none for a rule.
LEFT_OUT = {
    "ARG X\nFROM $X\n": "whoever builds passes it",
    "FROM scratch\nEXPOSE 80/${P:-tcp}\n": "BuildKit 0.13 takes it",
}
CERTAIN = [
    case
    for case in FILES
    # A trigger is looked at by BuildKit once a later build takes it up.
    if "ONBUILD" not in case["text"]
    and not {"args", "target"} & case.keys()
    and case["text"] not in LEFT_OUT
]


@pytest.mark.parametrize("case", CERTAIN, ids=lambda case: repr(case["text"]))
def test_exactly_what_buildkit_rejects_is_an_error(case: dict[str, Any], judge: Judge) -> None:
    rules = [rule for rule in every_rule() if rule.theme == "correctness"]
    errors = [
        judged.finding.message
        for judged in judge({"Dockerfile": case["text"]}, rules)
        if judged.severity.name == "ERROR"
    ]
    refused = case.get("refused")
    assert bool(errors) == bool(refused), refused or errors
