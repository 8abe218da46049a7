from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.values.scalar import as_bool, as_float, canonical, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose


def test_canonical_forms_agree_with_compose(oracle: Callable[[str], Case]) -> None:
    case = oracle("80-yaml-scalars")
    printed = case.service()["environment"]
    written = dict(re.findall(r"^ +(V\d\d): ?([^\"'!\n]*)$", case.files["compose.yaml"], re.M))
    assert len(written) > 25
    for key, text in written.items():
        assert canonical(text.strip()) == printed[key], key


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("", "null", None),
        ("~", "null", None),
        ("NULL", "null", None),
        ("nULL", "str", "nULL"),
        ("True", "bool", True),
        ("false", "bool", False),
        ("tRUE", "str", "tRUE"),
        ("yes", "str", "yes"),
        ("on", "str", "on"),
        ("010", "int", 8),
        ("0o14", "int", 12),
        ("-0o14", "int", -12),
        ("0O7", "int", 7),
        ("0x1F", "int", 31),
        ("0b101", "int", 5),
        ("0b12", "str", "0b12"),
        ("0x", "str", "0x"),
        ("1_000", "int", 1000),
        ("_1", "str", "_1"),
        ("+5", "int", 5),
        ("-0", "int", 0),
        ("08", "float", 8.0),
        (".5", "float", 0.5),
        (".5_5", "float", 0.55),
        ("._5", "str", "._5"),
        ("1.", "float", 1.0),
        ("1e3", "float", 1000.0),
        ("1e999", "str", "1e999"),
        (".inf", "float", float("inf")),
        ("-.Inf", "float", float("-inf")),
        ("18446744073709551615", "int", 2**64 - 1),
        ("18446744073709551616", "float", 2.0**64),
        ("-9223372036854775809", "float", -(2.0**63)),
        ("22:22", "str", "22:22"),
        ("12:30:45", "str", "12:30:45"),
        ("2001-01-01", "timestamp", "2001-01-01 00:00:00 +0000 UTC"),
        ("2001-02-29", "str", "2001-02-29"),
        ("2004-2-29", "timestamp", "2004-02-29 00:00:00 +0000 UTC"),
        (".", "str", "."),
        ("-", "str", "-"),
        ("<<", "str", "<<"),
        ("1.2.3", "str", "1.2.3"),
        ("8080:80", "str", "8080:80"),
    ],
)
def test_a_plain_scalar_is_read_as_by_compose(text: str, kind: str, value: object) -> None:
    resolved = resolve(text)
    assert resolved.kind == kind
    assert resolved.value == value
    assert type(resolved.value) is type(value)


# What docker-compose 2.26.1 printed for each.
PRINTED = {
    "1.10": "1.1",
    "0777": "511",
    "TRUE": "true",
    "-0.0": "-0",
    "0.0001": "0.0001",
    "0.00001": "1e-05",
    "123456.5": "123456.5",
    "123456789.123456789": "1.2345678912345679e+08",
    "1e6": "1e+06",
    "1e5": "100000",
    "1e21": "1e+21",
    "-1.50": "-1.5",
    "1_0.5": "10.5",
    "0_8": "8",
    "0x_1F": "31",
    "010.5": "10.5",
    "2001-1-1": "2001-01-01 00:00:00 +0000 UTC",
    "2001-01-01 10:00:00.120": "2001-01-01 10:00:00.12 +0000 UTC",
    "2001-01-01T1:2:3Z": "2001-01-01 01:02:03 +0000 UTC",
    "2001-01-01T10:00:00.5+02:00": "2001-01-01 10:00:00.5 +0200 +0200",
    "2001-01-01t10:00:00z": "2001-01-01t10:00:00z",
    "2001-01-01 10:00:00Z": "2001-01-01 10:00:00Z",
    "2001-01-01T24:00:00Z": "2001-01-01T24:00:00Z",
    "2001-01-01T10:00:00": "2001-01-01T10:00:00",
}


@pytest.mark.parametrize("text", PRINTED)
def test_the_container_gets_the_value_and_not_the_spelling(text: str) -> None:
    assert canonical(text) == PRINTED[text]


def test_the_record_of_what_compose_prints_still_holds(compose: Compose) -> None:
    entries = ", ".join(f"V{i}: {text}" for i, text in enumerate(PRINTED))
    printed = compose(f"environment: {{{entries}}}")["environment"]
    assert list(PRINTED.values()) == [printed[f"V{i}"] for i in range(len(PRINTED))]


def test_infinity_and_nan_have_names() -> None:
    assert [canonical(text) for text in (".inf", "-.inf", ".nan")] == ["+Inf", "-Inf", "NaN"]


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("81-00-privileged", "yes"),
        ("81-01-privileged", "on"),
        ("81-02-privileged", "TRUE"),
        ("81-03-privileged", "true"),
        ("81-04-privileged", "y"),
        ("81-05-privileged", "1"),
        ("81-06-privileged", "1"),
        ("81-07-read_only", "No"),
    ],
)
def test_a_boolean_may_be_one_of_the_old_words(
    oracle: Callable[[str], Case], case: str, text: str
) -> None:
    record = oracle(case)
    assert text in record.files["compose.yaml"]
    if record.refused:
        assert as_bool(text) is None
    else:
        printed = record.service()
        key = case.split("-")[2]
        # Compose prints nothing for a boolean that is false.
        assert as_bool(text) is printed.get(key, False)


@pytest.mark.parametrize("text", ["", "0", "t", "null", "${X}", "enabled", " true"])
def test_other_words_are_not_booleans(text: str) -> None:
    assert as_bool(text) is None


numberish = st.text(alphabet="0123456789_+-.eExXbBoOpPaF:T Z", max_size=14)


@given(numberish)
def test_any_text_has_a_meaning_and_a_spelling(text: str) -> None:
    resolved = resolve(text)
    assert resolved.kind in ("null", "bool", "int", "float", "timestamp", "str")
    assert (canonical(text) is None) is (resolved.kind == "null")


def test_huge_numbers_cost_nothing() -> None:
    for text in ("9" * 200_000, "-" + "1_" * 100_000, "0x" + "F" * 200_000):
        assert resolve(text).kind == "str"


FLOATS = {
    "1": 1,
    "+.5": 0.5,
    "5.": 5,
    "1e1": 10,
    "1_000": 1000,
    "1_0.5": 10.5,
    "0x1p4": 16,
    "0x10": None,
    "1__0": None,
    "_1": None,
    "1_": None,
    " 1": None,
    "one": None,
    "١": None,
    "": None,
    "0x1p99999": None,
}


@pytest.mark.parametrize("text", FLOATS)
def test_a_text_is_a_number_where_one_is_required(text: str) -> None:
    assert as_float(text) == FLOATS[text]


@pytest.mark.parametrize("text", FLOATS)
def test_compose_still_reads_the_same_number(compose: Compose, text: str) -> None:
    service = compose(f"cpus: '{text}'")
    assert (service and float(service["cpus"])) == FLOATS[text]
