from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.values.matching import closest, distance

KEYS = ["privileged", "ports", "pid", "read_only", "cap_add", "cap_drop", "user", "uts"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("priviledged", "privileged"),
        ("priveleged", "privileged"),
        ("prots", "ports"),
        ("port", "ports"),
        ("readonly", "read_only"),
        ("Read_Only", "read_only"),
        ("cap_addd", "cap_add"),
        ("usre", "user"),
        ("image", None),
        ("ports", None),
        ("p", None),
        ("", None),
        ("x" * 1000, None),
    ],
)
def test_the_closest_word_is_found(word: str, meant: str | None) -> None:
    assert closest(word, KEYS) == meant


def test_a_tie_has_no_answer() -> None:
    assert closest("cat", ["bat", "rat"]) is None
    assert closest("cat", ["bat", "bat"]) == "bat"


words = st.text(alphabet="abc", max_size=7)


def slowly(a: str, b: str) -> int:
    """Count slips by trying each first step: the definition."""
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return slowly(a[1:], b[1:])
    steps = [slowly(a[1:], b), slowly(a, b[1:]), slowly(a[1:], b[1:])]
    if a[1:2] == b[0] and b[1:2] == a[0]:
        steps.append(slowly(a[2:], b[2:]))
    return 1 + min(steps)


@given(words, words, st.integers(1, 8))
def test_differences_are_counted_up_to_the_limit(a: str, b: str, limit: int) -> None:
    assert distance(a, b, limit) == min(slowly(a, b), limit)
