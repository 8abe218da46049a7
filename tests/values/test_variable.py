from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values import dotenv
from tightship.values.hole import LIMIT, has_hole, mask
from tightship.values.variable import Variable, expand, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose

NOTHING: dict[str, str] = {}
VALUES = {"A": "1", "E": "", "B": "b b"}

# What docker-compose 2.26.1 makes of each, with the values above.
EXPANDED = {
    "$A": "1",
    "${A}": "1",
    "$A_": "",
    "${A}_": "1_",
    "a$B-c": "ab b-c",
    "$$A": "$A",
    "$${A:-x}": "${A:-x}",
    "$$$$A": "$$A",
    "pa$": "pa$",
    "$1x": "$1x",
    "$é": "$é",
    "${U:-a:b}": "a:b",
    "${U-a:-b}": "a:-b",
    "${U:-?x}": "?x",
    "${U:-}x": "x",
    "${U-}": "",
    "${E:-x}": "x",
    "${E-x}": "",
    "${E+x}": "x",
    "${E:+x}": "",
    "${A:+a$B}": "ab b",
    "${U+x}": "",
    "${A?}": "1",
    "${E?x}": "",
    "${U:-${U:-${U:-z}}}": "z",
    "${U:-$A$$}": "1$",
    "${U:-{{.Name}}}": "{{.Name}}",
    "${A:-a}}": "1}",
    "${A:-x}}${B}": "1}b b",
    "${A:-{}}": "1",
    "${U:-{x}": "{x",
    "${U:-{x}}": "{x}",
    "${U:-\\}}": "\\}",
    "${U:-x} }\n${B:-y}": "x }\nb b",
    "${A:-b}${U:-c}": "1c",
    "{{.Name}}${A}": "{{.Name}}1",
}
REFUSED = [
    "${",
    "${}",
    "${1}",
    "${A",
    "${A:}",
    "${A:=x}",
    "${ A}",
    "${A }",
    "${é}",
    "${A/foo/bar}",
    "${U:-x\ny}",
    "${A:-${bad!}}",
    # Compose skips the character after a brace, and loses count here.
    "${A:-{}}-${B}",
    "${A:-{}${B}",
]


@pytest.mark.parametrize("text", EXPANDED)
def test_a_template_expands_as_in_compose(text: str) -> None:
    template = parse(text)
    assert not template.problems
    assert expand(template, VALUES.get).as_compose == EXPANDED[text]


@pytest.mark.parametrize("text", REFUSED)
def test_an_unreadable_template_has_a_problem(text: str) -> None:
    template = parse(text)
    assert len(template.problems) == 1
    assert text.startswith("${", template.problems[0].offset)
    assert not expand(template, VALUES.get).decided


def test_the_record_of_expansions_still_holds(compose: Compose) -> None:
    printed = compose({"command": list(EXPANDED)}, env=VALUES)
    assert printed["command"] == list(EXPANDED.values())


@pytest.mark.parametrize("text", REFUSED)
def test_compose_still_rejects_problems(compose: Compose, text: str) -> None:
    assert compose({"command": [text]}, env=VALUES) is None


def test_random_templates_expand_as_in_compose(compose: Compose) -> None:
    chance = random.Random(7)
    parts = [*"${}AUE-?+:x", ":-", ":+", "$$", "${", "${U:-", "${A", "}", "}"]
    texts = {"".join(chance.choices(parts, k=chance.randint(2, 12))) for _ in range(600)}
    good: dict[str, str] = {}
    for text in sorted(texts):
        expansion = expand(parse(text), VALUES.get)
        refused = any(how == "required" for _, how in expansion.used)
        if not parse(text).problems and not refused:
            good[text] = expansion.as_compose
    assert len(good) > 100
    printed = compose({"command": list(good)}, env=VALUES)
    assert dict(zip(good, printed["command"], strict=True)) == good


def test_the_recorded_runs_agree(oracle: Callable[[str], Case]) -> None:
    case = oracle("08-interp")
    values = dotenv.parse(case.files[".env"]).values()
    written = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]
    printed = case.service()
    for text, want in zip(written["command"], printed["command"], strict=True):
        assert expand(parse(text), values.get).as_compose == want
    assert expand(parse(written["image"]), values.get).text == printed["image"]


def test_nested_braces_agree_with_the_recorded_run(oracle: Callable[[str], Case]) -> None:
    case = oracle("64-interp-nested-braces")
    written = yaml.safe_load(case.files["compose.yaml"])["services"]["s"]
    printed = case.service()
    for text, want in zip(written["command"], printed["command"], strict=True):
        assert expand(parse(text), case.env.get).text == want
    assert oracle("63-interp-badsyntax").refused
    assert parse("x:${A/foo/bar}").problems[0].offset == 2


def test_a_required_variable_without_a_value_is_a_hole(oracle: Callable[[str], Case]) -> None:
    assert "required variable TAG" in oracle("09-required").stderr
    expansion = expand(parse("x:${TAG:?need tag}"), NOTHING.get)
    assert expansion.text == "x:${TAG}"
    assert expansion.used == [("TAG", "required")]
    assert not expansion.decided


def test_an_unset_variable_is_a_hole_and_nothing_in_compose() -> None:
    expansion = expand(parse("x:$TAG"), NOTHING.get)
    assert expansion.text == "x:${TAG}"
    assert expansion.as_compose == "x:"
    assert not expansion.decided
    assert expansion.templated
    assert expansion.used == [("TAG", "unset")]


def test_a_default_decides() -> None:
    expansion = expand(parse("${X:-d}"), NOTHING.get)
    assert (expansion.text, expansion.decided) == ("d", True)
    assert expansion.used == [("X", "default")]


def test_the_alternative_of_an_unset_variable_is_empty_and_decided() -> None:
    for text in ("${X:+alt}", "${X+alt}"):
        expansion = expand(parse(text), NOTHING.get)
        assert (expansion.text, expansion.decided) == ("", True)
        assert expansion.used == [("X", "unset")]


def test_a_hole_in_a_default_leaves_the_text_undecided() -> None:
    expansion = expand(parse("${X:-${Y}}/z"), NOTHING.get)
    assert expansion.text == "${Y}/z"
    assert expansion.as_compose == "/z"
    assert not expansion.decided


def test_a_value_with_a_hole_leaves_the_text_undecided() -> None:
    expansion = expand(parse("$X"), {"X": "${HOST}/x"}.get)
    assert expansion.text == "${HOST}/x"
    assert not expansion.decided


def test_a_default_that_is_not_taken_is_not_used() -> None:
    expansion = expand(parse("${A:-${U:-$B}}"), VALUES.get)
    assert expansion.used == [("A", "value")]


def test_compose_requires_variables_even_in_unused_branches(compose: Compose) -> None:
    text = "${A:-${U:?no}}"
    assert compose({"command": [text]}, env=VALUES) is None
    expansion = expand(parse(text), VALUES.get)
    assert ("U", "required") in expansion.used
    assert expansion.text == "1"


def test_a_text_without_variables_is_itself() -> None:
    expansion = expand(parse("plain {text}"), NOTHING.get)
    assert expansion.text == "plain {text}"
    assert expansion.decided
    assert not expansion.templated
    assert expansion.used == []


def test_variables_have_operators_and_operands() -> None:
    text = "a${B:-c$D}e$F"
    outer, inner = [p for p in parse(text).pieces if isinstance(p, Variable)]
    assert (outer.name, outer.operator) == ("B", ":-")
    assert (inner.name, inner.operator) == ("F", "")
    assert outer.operand is not None
    nested = outer.operand.pieces[1]
    assert isinstance(nested, Variable)
    assert nested.name == "D"


@given(st.text(alphabet="${}:-?+ABxé \n", max_size=30))
def test_any_text_can_be_parsed_and_expanded(text: str) -> None:
    template = parse(text)
    expansion = expand(template, {"A": "v"}.get)
    assert expansion.decided or template.problems or has_hole(expansion.text)
    if not template.templated and not template.problems:
        assert expansion.text == text.replace("$$", "$")
    for problem in template.problems:
        assert 0 <= problem.offset < len(text)


@given(st.lists(st.sampled_from(["a", "$$", "$A", "${A}", "${U:-d}", "${U:-$A}"])))
def test_expansion_goes_piece_by_piece(parts: list[str]) -> None:
    whole = expand(parse(" ".join(parts)), VALUES.get).text
    assert whole == " ".join(expand(parse(part), VALUES.get).text for part in parts)


def test_a_mask_keeps_every_offset() -> None:
    text = "${A}:x:${B:-c}/y"
    assert mask(text) == "\0" * 4 + ":x:" + "\0" * 7 + "/y"
    assert has_hole(text)
    assert not has_hole("$A {b} $")
    assert mask("${open") == "${open"


@pytest.mark.exhaustive
def test_hostile_texts_cost_little() -> None:
    for text in (
        "${A:-" * 50_000,
        "${A:-" * 50_000 + "}" * 50_000,
        "${A:-{x}" * 30_000,
        "${A:-}" * 50_000,
        "$A{" * 50_000 + "}",
        "${" * 100_000,
        "${A:-\n" * 50_000 + "}",
    ):
        template = parse(text)
        expand(template, NOTHING.get)
        has_hole(text)
        mask(text)
    assert "deep" in parse("${A:-" * 40 + "}" * 40).problems[0].message


def test_expansion_has_a_limit() -> None:
    big = "v" * 1000
    expansion = expand(parse("$A" * 10_000), {"A": big}.get)
    assert len(expansion.text) <= LIMIT + 4 * 10_000
    assert expansion.text.startswith(big)
    assert not expansion.decided
    small = expand(parse("$A$B"), {"A": "1234", "B": "5"}.get, limit=4)
    assert small.text == "1234${B}"
