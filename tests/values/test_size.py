from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, strategies as st

from tightship.values.quantity import parse_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.values.conftest import Case, Compose

READ = {
    "0": 0,
    "512": 512,
    "64m": 64 << 20,
    "1.5g": 3 << 29,
    "1gb": 1 << 30,
    "1 GiB": 1 << 30,
    "1 gb": 1 << 30,
    "1k": 1024,
    "1kib": 1024,
    "1KB": 1024,
    "1p": 1 << 50,
    "1b": 1,
    "1 b": 1,
    "010": 10,
    "1i": 1,
    "0.3k": 307,
}
REFUSED = [
    "",
    "b",
    "-1",
    " 1",
    "1m ",
    "1  g",
    "1x",
    "1gx",
    "1bb",
    "1e3",
    "1e",
    ".5g",
    "5.",
    "1.5.5",
    "0x10",
    "inf",
    "1_000",
    "1,5g",
]


@pytest.mark.parametrize(
    "name", ["81-11-mem_limit", "81-12-mem_limit", "81-13-mem_limit", "81-17-shm_size"]
)
def test_recorded_sizes_are_read_as_compose_does(oracle: Callable[[str], Case], name: str) -> None:
    case, key = oracle(name), name.split("-")[2]
    text = yaml.safe_load(case.files["compose.yaml"])["services"]["s"][key]
    assert parse_bytes(str(text)) == int(case.service()[key])


@pytest.mark.parametrize("text", READ)
def test_a_size_counts_bytes_and_its_units_are_powers_of_1024(text: str) -> None:
    assert parse_bytes(text) == READ[text]


@pytest.mark.parametrize("text", READ)
def test_the_record_of_sizes_still_holds(compose: Compose, text: str) -> None:
    # Compose prints no limit where it is zero.
    printed = compose({"mem_limit": text}).get("mem_limit", "0")
    assert int(printed) == READ[text]


@pytest.mark.parametrize("text", [*REFUSED, "${M}", "1g${X}", "١"])
def test_other_texts_are_not_sizes(text: str) -> None:
    assert parse_bytes(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_compose_still_rejects_them(compose: Compose, text: str) -> None:
    assert compose({"mem_limit": text}) is None


def test_an_impossible_size_is_invalid() -> None:
    assert parse_bytes("9" * 19 + "g") is None
    assert parse_bytes("9" * 200_000) is None


@given(st.integers(0, 2**53))
def test_a_plain_number_is_itself(number: int) -> None:
    assert parse_bytes(str(number)) == number
