"""Dates as text, and the day of a run."""

from __future__ import annotations

import time

import pytest

from tightship.values.quantity import is_past, today


def test_today_is_the_day_of_the_run_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_709_251_199.0)  # a second before March
    assert today() == "2024-02-29"
    assert today(days_ago=29) == "2024-01-31"
    monkeypatch.setattr(time, "time", lambda: 1_709_251_200.0)
    assert today() == "2024-03-01"


@pytest.mark.parametrize(
    ("end", "last", "first"),
    [
        ("2024-06-30", "2024-06-30", "2024-07-01"),
        ("2024-06", "2024-06-30", "2024-07-01"),
        ("2024", "2024-12-31", "2025-01-01"),
        ("2024-12", "2024-12-31", "2025-01-01"),
    ],
)
def test_an_end_is_past_on_the_next_day(end: str, last: str, first: str) -> None:
    assert not is_past(end, last)
    assert is_past(end, first)
