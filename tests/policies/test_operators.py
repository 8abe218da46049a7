"""Operators are three-valued: what they say of an unknown value holds for every value."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, strategies as st

from tightship.engine.rule_examples import failures
from tightship.policies.operators import OPERATORS, both, negated, number_of, prepared
from tightship.policies.reader import read
from tightship.project_facts.values import Scalar
from tightship.text import Source, Span

SPAN = Span(Source("compose.yaml", ""), 0, 0)
PATHS = st.sampled_from(
    ("/", "/etc", "/etc/ssl", "/srv", "/var/run", "./data", "./etc", "../x", "~", "~/x", "/home/a")
)
TEXTS = st.text("ab/", max_size=4)


def known(value: str | float | bool | None) -> Scalar:
    return Scalar(SPAN, value)


def told(name: str, found: Scalar, kind: str, *operands: str | float | bool) -> bool | None:
    operator = OPERATORS[name]
    operand = prepared(operator.operand, kind, operands)
    assert operand is not None
    return operator.holds(found, operand)


@given(
    st.sampled_from(("equals", "in", "like", "characters", "exists")),
    TEXTS,
    st.lists(TEXTS, min_size=1, max_size=3),
    st.lists(TEXTS, min_size=1, max_size=8),
)
def test_a_known_beginning_decides_only_what_every_rest_agrees_on(
    name: str, beginning: str, operands: list[str], rests: list[str]
) -> None:
    operands = operands[:1] if name in ("equals", "characters") else operands
    given_operands: list[str | float | bool] = [True] if name == "exists" else [*operands]
    open_text = Scalar(SPAN, None, known=False, beginning=beginning)
    found = told(name, open_text, "text", *given_operands)
    if found is not None:
        every = {told(name, known(beginning + rest), "text", *given_operands) for rest in rests}
        assert every == {found}


@given(
    st.sampled_from(("at-least", "at-most", "above", "below", "in")),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_a_range_decides_only_what_each_number_in_it_agrees_on(
    name: str, one: int, other: int, limit: int
) -> None:
    low, high = sorted((one, other))
    open_number = Scalar(SPAN, None, known=False, lowest=low, highest=high)
    found = told(name, open_number, "number", limit)
    every = {told(name, known(value), "number", limit) for value in range(low, high + 1)}
    if found is not None:
        assert every == {found}
    elif name != "in":
        assert len(every) == 2


@given(PATHS, PATHS)
def test_a_path_inside_another_one_overlaps_it(path: str, folder: str) -> None:
    inside, overlap = (told(name, known(path), "path", folder) for name in ("inside", "overlaps"))
    if inside is True:
        assert overlap is True
    if overlap is False:
        assert inside is False


@given(PATHS, PATHS)
def test_to_overlap_is_mutual(one: str, other: str) -> None:
    assume(not one.startswith("../") and not other.startswith("../"))
    assume(one.startswith("~") is other.startswith("~"))
    assert told("overlaps", known(one), "path", other) is told(
        "overlaps", known(other), "path", one
    )


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/etc/ssl", "/etc", True),
        ("/", "/etc", True),
        ("/etcetera", "/etc", False),
        ("./etc", "/etc", False),
        ("../etc", "/etc", None),
        ("~/x", "/home", None),
        ("~/x", "/etc", False),
        ("~/x", "/", None),
        ("./app/data", "./app", True),
    ],
)
def test_places(path: str, folder: str, expected: bool | None) -> None:
    assert told("overlaps", known(path), "path", folder) is expected


def test_a_path_that_a_variable_ends_may_be_anywhere() -> None:
    open_path = Scalar(SPAN, None, known=False, beginning="/srv/")
    assert told("inside", open_path, "path", "/srv") is None
    assert told("overlaps", open_path, "path", "/etc") is None


@pytest.mark.parametrize(
    ("written", "kind", "expected"),
    [
        ("512m", "size", 512 * 1024**2),
        ("0.5", "number", 0.5),
        ("1m30s", "duration", 90),
        ("10m", "text", 10 * 1024**2),
        ("3", "text", 3),
        ("30s", "text", 30),
        ("many", "size", None),
        (True, "number", None),
    ],
)
def test_numbers_with_units(written: str | bool, kind: str, expected: float | None) -> None:
    assert number_of(written, kind) == expected


def test_true_is_no_number() -> None:
    assert told("in", known(1), "number", 1) is True
    assert told("equals", known(True), "flag", True) is True
    assert told("equals", known(False), "flag", True) is False


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(True, None, None), (False, None, False), (None, None, None), (True, True, True)],
)
def test_kleene(one: bool | None, other: bool | None, expected: bool | None) -> None:
    assert both(one, other) is both(other, one) is expected
    assert negated(negated(one)) is one


@pytest.mark.parametrize("condition", ['like = "/srv/*"', 'equals = "/etc"', 'in = ["/etc"]'])
def test_no_condition_on_a_path_trusts_its_beginning(condition: str) -> None:
    text = f"""
[policy]
name = "corp"
[[rule]]
id = "corp/mounts"
for = "service"
require.mounts.every = {{ source = {{ {condition} }} }}
message = "no"
good = [{{ "compose.yaml" = "services: {{a: {{image: b}}}}" }}]
bad = [{{ "compose.yaml" = "services: {{a: {{image: b, volumes: ['/srv/${{X}}:/x']}}}}" }}]
"""
    assert not [*failures(read(Source("policy.toml", text)))]
