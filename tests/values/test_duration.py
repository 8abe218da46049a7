from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.values.quantity import parse_duration

if TYPE_CHECKING:
    from tests.values.conftest import Compose

READ = {
    "1m30s": 90.0,
    "1s1m": 61.0,
    "1h": 3600.0,
    "1.5h": 5400.0,
    "-1s": -1.0,
    "+5s": 5.0,
    "0": 0.0,
    ".5s": 0.5,
    "5.s": 5.0,
    "1ms": 1e-3,
    "1us": 1e-6,
    "1µs": 1e-6,
    "1μs": 1e-6,
    "1ns": 1e-9,
}
REFUSED = ["", "10", "1d", "1w", "1 s", "1m 30s", "1d2h", "s", "-", ".s", "1e3s", "1S"]


@pytest.mark.parametrize("text", READ)
def test_a_duration_is_read_in_seconds(text: str) -> None:
    assert parse_duration(text) == pytest.approx(READ[text])


@pytest.mark.parametrize("text", [*REFUSED, "${T}", "${T}s", "9999999999h", "1" * 99_999])
def test_other_texts_are_not_durations(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize("text", READ)
def test_compose_reads_the_same_duration(compose: Compose, text: str) -> None:
    printed = compose({"stop_grace_period": text})["stop_grace_period"]
    assert parse_duration(printed) == pytest.approx(READ[text])


@pytest.mark.parametrize("text", REFUSED)
def test_compose_still_rejects_them(compose: Compose, text: str) -> None:
    assert compose({"stop_grace_period": text}) is None


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999))
def test_parts_add_up(hours: int, minutes: int, seconds: int) -> None:
    total = hours * 3600 + minutes * 60 + seconds
    assert parse_duration(f"{hours}h{minutes}m{seconds}s") == total
